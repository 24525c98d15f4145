// B6: how many times a second replicas can write a little and hear what is new.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CursorSchema, type Cursor, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  PullRequestSchema,
  PullResponseSchema,
  PushRequestSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Bench } from "./context.ts";
import { ask, enveloped, protocols, repeat, type Ask } from "./drive.ts";
import { joinNodes, type BenchNode } from "./federation.ts";
import { openRawFloor } from "./floor.raw.ts";
import { benchStream, BenchSession, opsOf } from "./sync-session.ts";

const lines = 16;
const nodesMax = 4;
const opsPerPush = 10;
const bodyBytes = 64;
const creditBytes = 262_144;
const protocol = 1;
const envelopeBytes = 5;
const service = "/foedus.sync.v1.SyncService";

/** A push of ten ops and a pull, over sessions and as two calls. */
export const syncPushAndPull: Bench = {
  title: "Sync: B6, syncs a second",
  what: `one push of ${opsPerPush} ops, durable and acknowledged, and what is new heard; ${lines} replicas at once, each with a stream of its own`,
  target: ">= 500 a second a core (CPU <= 2,000 µs each), >= 0.3 x raw HTTP/2",
  async run(context) {
    const nodes = await joinNodes(context.federation, "sync", nodesMax);
    const floor = await openRawFloor();
    const pids = [context.federation.hub.child.pid ?? 0];
    const raw: Ask = { path: "/unary/1/100", headers: {}, body: Buffer.alloc(answerBytes) };
    const at = (line: number) => nodes[line % nodes.length] as BenchNode;
    const live = Array.from({ length: lines }, (_, line) => liveOne(at(line), `live-${line}`));
    const alone = Array.from({ length: lines }, (_, line) => aloneOne(at(line), `alone-${line}`));
    const turn = (acts: readonly (() => Promise<void>)[]) => () =>
      repeat((line) => acts[line]?.() ?? Promise.resolve(), { lines, ms: context.turnMs, pids });
    try {
      return await context.measure([
        {
          name: "raw HTTP/2, an echo",
          turn: () =>
            repeat(() => ask(floor.session, raw), {
              lines,
              ms: context.turnMs,
              pids: [floor.pid],
            }),
        },
        { name: "hub, over open sessions", floor: "raw HTTP/2, an echo", turn: turn(live) },
        { name: "hub, Push and Pull", floor: "raw HTTP/2, an echo", turn: turn(alone) },
      ]);
    } finally {
      floor.close();
      for (const { session } of nodes) session.destroy();
    }
  },
};

/** As many bytes as ten ops have. */
const answerBytes = 1_000;

/** Pushes, and waits until its own ops came back in the log: then it has heard all before them. */
function liveOne({ session }: BenchNode, name: string): () => Promise<void> {
  const replica = new BenchSession(session, benchStream(name));
  let sent = 0;
  return async () => {
    await replica.resumed();
    const ops = opsOf(sent, opsPerPush, bodyBytes);
    sent += opsPerPush;
    await replica.push(ops);
    await replica.until(() => replica.came.ops >= sent);
  };
}

/** Without a session: a call that pushes, and one that pulls from where the last one ended. */
function aloneOne({ session }: BenchNode, name: string): () => Promise<void> {
  const stream = benchStream(name);
  const replica = newReplica(realWorld);
  let ctr = 0;
  let cursor: Cursor | undefined;
  const { connect: headers } = protocols;
  return async () => {
    await ask(session, { path: `${service}/Push`, headers, body: pushOf(stream, replica, ctr) });
    ctr += opsPerPush;
    const body = enveloped(pullOf(stream, replica, cursor));
    const pull = { path: `${service}/Pull`, headers: protocols.connectStream, body };
    cursor = cursorIn(await ask(session, pull)) ?? cursor;
    if (cursor?.seq !== ctr) throw new Error(`pulled up to ${String(cursor?.seq)} of ${ctr}`);
  };
}

function pullOf(stream: Stream, replica: string, cursor: Cursor | undefined): Uint8Array {
  const open = { protocolMin: protocol, protocolMax: protocol, replica };
  const hello = { stream, replica, creditBytes, ...(cursor === undefined ? {} : { cursor }) };
  const frames = [{ frame: { case: "hello" as const, value: hello } }];
  return toBinary(PullRequestSchema, create(PullRequestSchema, { open, frames, once: true }));
}

/** How far an answer goes: the first is a snapshot, each later one a part of the log. */
function cursorIn(answer: Buffer): Cursor | undefined {
  let cursor: Cursor | undefined;
  for (const message of envelopesIn(answer)) {
    const { said } = fromBinary(PullResponseSchema, message);
    if (said.case !== "frame") continue;
    const { case: is, value } = said.value.frame;
    if (is === "snapshotPart") ({ cursor } = value);
    if (is === "packed") cursor = create(CursorSchema, { epoch: value.epoch, seq: value.seqTo });
  }
  return cursor;
}

/** The messages of an answer, without the one that ends it. */
function envelopesIn(answer: Buffer): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < answer.length;) {
    const length = answer.readUInt32BE(at + 1);
    const end = at + envelopeBytes + length;
    if (answer[at] === 0) found.push(answer.subarray(at + envelopeBytes, end));
    at = end;
  }
  return found;
}

function pushOf(stream: Stream, replica: string, ctr: number): Uint8Array {
  const open = { protocolMin: protocol, protocolMax: protocol, replica };
  const push = { stream, replica, ctrFrom: ctr + 1, ops: opsOf(ctr, opsPerPush, bodyBytes) };
  const frames = [
    { frame: { case: "hello" as const, value: { stream, replica } } },
    { frame: { case: "push" as const, value: push } },
  ];
  return toBinary(PushRequestSchema, create(PushRequestSchema, { open, frames }));
}
