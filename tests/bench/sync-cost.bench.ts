// What an op takes on the wire, and what a session takes in the hub's memory while nothing happens.
import { realWorld } from "@foedus/kernel/world.real.ts";
import { dial } from "../../clients/sdk/wire/dial.ts";
import { openCounter } from "./counter.ts";
import { joinNodes, startFederation, type BenchNode, type Federation } from "./federation.ts";
import { openRawFloor } from "./floor.raw.ts";
import type { Look, Seen } from "./look.ts";
import { openCrowd } from "./sync-crowd.ts";
import { residentBytes } from "./sync-memory.ts";
import { benchStream, BenchSession, opsOf } from "./sync-session.ts";

const bodyBytes = 8;
const opsPerPush = 256;
const pushes = 40;
/** A node may have 64. */
const idleSessions = 1_000;
const connections = 20;
const settleMs = 3_000;

/** Bytes of an op, and of a session. */
export const syncCost: Look = {
  title: "Sync: bytes of an op, memory of a session",
  what: `ops with ${bodyBytes}-byte bodies in pushes of ${opsPerPush}, counted on the socket with TLS and all that goes the other way; idle sessions over ${connections} connections, beside streams of raw HTTP/2`,
  async look({ say }) {
    const federation = await startFederation();
    try {
      const nodes = await joinNodes(federation, "cost", connections);
      const seen = await wireBytes(nodes);
      say("idle sessions");
      seen.push(...(await idleBytes(federation, nodes, idleSessions)));
      for (const { session } of nodes) session.destroy();
      return seen;
    } finally {
      await federation.stop();
    }
  },
};

async function wireBytes([node]: readonly BenchNode[]): Promise<Seen[]> {
  if (node === undefined) throw new Error("no node");
  const stream = benchStream("bytes");
  const [up, down] = [await counted(node), await counted(node)];
  const author = new BenchSession(up.session, stream);
  const reader = new BenchSession(down.session, stream, { readOnly: true });
  await Promise.all([author.resumed(), reader.resumed()]);
  const before = [bytesOf(up), bytesOf(down)] as const;
  for (let push = 0; push < pushes; push++) {
    await author.push(opsOf(push * opsPerPush, opsPerPush, bodyBytes));
  }
  const ops = pushes * opsPerPush;
  await reader.until(() => reader.came.ops >= ops);
  const [written, read] = [bytesOf(up) - before[0], bytesOf(down) - before[1]];
  for (const { session, counter } of [up, down]) {
    session.destroy();
    counter.close();
  }
  return [
    figure("an op to a reader", "bytes", "<= 45", read / ops),
    figure("an op of its author, with its own place in the log", "bytes", "", written / ops),
  ];
}

async function counted({ membership }: BenchNode) {
  const { admission, chain = "", tlsKey: key } = membership;
  const counter = await openCounter(admission.nodeAddress);
  const own = { chain, key };
  const { address } = counter;
  const session = await dial({ address, own, inspect: () => {}, world: realWorld });
  return { counter, session };
}

function bytesOf({ counter: { passed } }: Awaited<ReturnType<typeof counted>>): number {
  return passed.up + passed.down;
}

async function idleBytes(
  { hub }: Federation,
  nodes: readonly BenchNode[],
  count: number,
): Promise<Seen[]> {
  const pid = hub.child.pid ?? 0;
  const stream = benchStream("idle");
  const few = await openCrowd(nodes, stream, connections);
  const open = async () => {
    const crowd = await openCrowd(nodes, stream, count);
    return () => crowd.forEach((one) => one.close());
  };
  const own = await grown(pid, count, open);
  for (const one of few) one.close();
  const floor = await openRawFloor();
  const sessions = Array.from({ length: connections }, () => floor.connect());
  const listen = async (at: number) => {
    const path = { ":method": "POST", ":path": "/listen/0/0" };
    const one = sessions[at % connections]?.request(path);
    await new Promise((resolve) => one?.once("response", resolve));
  };
  await Promise.all(sessions.map((_, at) => listen(at)));
  const raw = await grown(floor.pid, count, async () => {
    await Promise.all(Array.from({ length: count }, (_, at) => listen(at)));
    return () => undefined;
  });
  floor.close();
  return [
    figure(`an idle session, of ${count}`, "bytes", "", own),
    figure("a stream of raw HTTP/2", "bytes", "", raw),
    figure("an idle session, of a raw stream", "times", "<= 2", own / raw),
  ];
}

/** By how much a process grows for each. */
async function grown(pid: number, count: number, open: () => Promise<() => void>): Promise<number> {
  await realWorld.timers.sleep(settleMs);
  const before = residentBytes(pid);
  const close = await open();
  await realWorld.timers.sleep(settleMs);
  const after = residentBytes(pid);
  close();
  return (after - before) / count;
}

function figure(name: string, unit: string, target: string, median: number): Seen {
  return { name, unit, target, best: undefined, median, worst: undefined };
}
