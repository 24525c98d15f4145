// Who writes to a collection while hubs die, and what became of what was written.
import { toJsonString, type MessageInitShape } from "@bufbuild/protobuf";
import { PushAckSchema, type PushAck } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, type OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { encodeOp, streamKey } from "@foedus/kernel/sync/op.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { parseStream } from "@foedus/kernel/sync/stream.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import type { Collection } from "../../clients/sdk/sync/collection.ts";
import { collection } from "./sync.tree.ts";

/** Writes of one node through the SDK, which keeps what no hub has. */
export interface Writer {
  readonly node: FoedusNode;
  readonly notes: Collection<string>;
  /** What it added to the counter. */
  added(): number;
  /** Rows by name. */
  readonly rows: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** Rows of one that forgets what a hub has acknowledged, so that nobody can send it again. */
export interface Forgetful {
  /** Rows by name, acknowledged. */
  readonly rows: ReadonlyMap<string, string>;
  /** Acknowledgements that fell behind one before, as they were said. */
  readonly forgotten: readonly string[];
  /** What it added to the counter. */
  added(): number;
  /** Resolves once something was acknowledged. */
  readonly first: Promise<void>;
  stop(): Promise<void>;
}

/** Some writes go together; between them it hears what others did. */
const pauseMs = 20;
/** A try whose answer is lost ends with its connection; this is for one that ends in no way. */
const tryMsMax = 15_000;
const opsMax = 8;

/** Adds, overwrites and contends until it is stopped. */
export async function startWriter(node: FoedusNode): Promise<Writer> {
  const notes = await node.collection<string>(collection, { codec: textCodec });
  const rows = new Map<string, string>();
  let [sum, at, isOver] = [0, 0, false];
  const run = async () => {
    while (!isOver) {
      at += 1;
      const text = `${node.name} ${at}`;
      sum += at % opsMax;
      const writes = [
        notes.increment("sums", "all", at % opsMax),
        notes.put("shared", { [`field-${at % opsMax}`]: text }),
        notes.put(`own-${node.name}`, { at: text }),
        at % 2 === 0 ? notes.addTo("bag", text, text) : notes.removeFrom("bag", lastOf(text)),
      ];
      rows.set(await notes.add(text), text);
      await Promise.all(writes);
      await realWorld.timers.sleep(pauseMs);
    }
  };
  const done = run();
  return {
    node,
    notes,
    rows,
    added: () => sum,
    async stop() {
      isOver = true;
      await done;
    },
  };
}

/** Adds rows and to the counter by calls of their own, each again until it is acknowledged. */
export function startForgetful(node: FoedusNode): Forgetful {
  const replica = newReplica(realWorld);
  const rows = new Map<string, string>();
  const forgotten: string[] = [];
  const first = Promise.withResolvers<void>();
  let [ctr, sum, isOver] = [0, 0, false];
  const run = async () => {
    while (!isOver) {
      const texts = Array.from(
        { length: 1 + (ctr % opsMax) },
        (_, at) => `${node.name} ${ctr + at}`,
      );
      const ack = await acknowledged(node, replica, ctr + 1, [
        ...texts.map((text) => ({ kind: Kind.APPEND, body: utf8.encode(text) })),
        { kind: Kind.COUNTER, record: "sums", field: "all", amount: texts.length },
      ]);
      if ((ack.mark?.ctr ?? 0) <= ctr + texts.length) {
        forgotten.push(`after ${ctr} and ${texts.length}: ${toJsonString(PushAckSchema, ack)}`);
        return;
      }
      for (const text of texts) rows.set(`${replica}:${++ctr}`, text);
      ctr += 1;
      sum += texts.length;
      first.resolve();
    }
  };
  const done = run();
  return {
    rows,
    forgotten,
    first: first.promise,
    added: () => sum,
    async stop() {
      isOver = true;
      await done;
    },
  };
}

/** What the hub says to a push, which is sent as it is until it does. */
async function acknowledged(
  node: FoedusNode,
  replica: string,
  ctrFrom: number,
  wishes: readonly MessageInitShape<typeof OpSchema>[],
): Promise<PushAck> {
  const stream = parseStream(collection);
  const hlcMs = realWorld.clock.now();
  const ops = wishes.map((wish) => encodeOp({ ...wish, hlcMs }));
  const open = { protocolMin: 1, protocolMax: 1, replica };
  const frames = [
    { frame: { case: "hello" as const, value: { stream, replica } } },
    { frame: { case: "push" as const, value: { stream, replica, ctrFrom, ops } } },
  ];
  for (;;) {
    try {
      const signal = AbortSignal.timeout(tryMsMax);
      const answer = await node.client(SyncService).push({ open, frames }, { signal });
      for (const { frame } of answer.frames) if (frame.case === "pushAck") return frame.value;
    } catch {
      await realWorld.timers.sleep(pauseMs);
    }
  }
}

/** What a writer's replica holds, by its own count. */
export async function heldBy({ node }: Writer): Promise<{ cells: number; sum: number }> {
  const { replica } = await node.collections();
  const stream = parseStream(collection);
  if (stream === undefined) throw new Error(`${collection} is no stream`);
  return replica.hold(streamKey(tenantProved(node.tenant), stream)).digest;
}

/** Rows that were promised to a writer, and which another one's replica does not hold so. */
export function missingIn(notes: Collection<string>, rows: ReadonlyMap<string, string>): string[] {
  const held = (row: string) => notes.get(row)?.fields[""];
  return [...rows].filter(([row, text]) => held(row) !== text).map(([row]) => row);
}

const utf8 = new TextEncoder();
const textCodec = {
  encode: (text: string) => utf8.encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};

/** "ann 7" -> "ann 6". */
function lastOf(text: string): string {
  const [name = "", at = ""] = text.split(" ");
  return `${name} ${Number(at) - 1}`;
}
