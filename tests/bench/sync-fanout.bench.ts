// B5: what is written once, and heard by a hundred.
import { once as onceOf } from "node:events";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Bench, BenchContext } from "./context.ts";
import { drink, once } from "./drive.ts";
import { joinNodes, type BenchNode } from "./federation.ts";
import { openRawFloor, type RawFloor } from "./floor.raw.ts";
import { half, latency, overNodes, tail } from "./latency.ts";
import type { Look, Seen } from "./look.ts";
import { spreadOf } from "./rounds.ts";
import { cameTo, openCrowd } from "./sync-crowd.ts";
import { residentBytes } from "./sync-memory.ts";
import { benchStream, BenchSession, opsOf } from "./sync-session.ts";

const subscribers = 100;
const connections = 20;
const writers = 8;
const bodyBytes = 64;
/** What the frame of one such op takes, in a batch of its own. */
const messageBytes = 200;

/** Deliveries a second to a hundred sessions, also where one of them takes nothing off. */
export const syncFanOut: Bench = {
  title: "Sync: B5, deliveries to 100 sessions",
  what: `${writers} replicas write single ops of ${bodyBytes} bytes, each durable before its next; every session gets every op`,
  target:
    ">= 0.5 x raw HTTP/2 writing one message a delivery; with one reader that stands still >= 0.8 of what it is without",
  async run(context) {
    const nodes = await joinNodes(context.federation, "fanout", connections);
    const floor = await openRawFloor();
    const writeRaw = await openRawCrowd(floor, context);
    const stream = benchStream("fanout");
    const [slow, ...others] = nodes as [BenchNode, ...BenchNode[]];
    const crowd = await openCrowd(others, stream, subscribers - 1);
    const authors = others
      .slice(0, writers)
      .map(({ session }) => new BenchSession(session, stream));
    const pids = [context.federation.hub.child.pid ?? 0];
    const turn = (isSlow: boolean) => async () => {
      const last = new BenchSession(slow.session, stream, { readOnly: true });
      await last.resumed();
      if (isSlow) last.pause();
      const done = await once(async () => {
        const before = cameTo(crowd);
        const sent = await writeFor(context.turnMs, authors);
        await untilAll(crowd, sent);
        return ((cameTo(crowd) - before) * subscribers) / crowd.length;
      }, pids);
      last.close();
      return done;
    };
    try {
      return await context.measure([
        { name: "raw HTTP/2, 100 streams", turn: writeRaw },
        { name: "hub, 100 sessions", floor: "raw HTTP/2, 100 streams", turn: turn(false) },
        { name: "hub, one of them stands still", floor: "hub, 100 sessions", turn: turn(true) },
      ]);
    } finally {
      floor.close();
      for (const { session } of nodes) session.destroy();
    }
  },
};

let written = 0;

/** Each writes op after op; returns how many there are in all, since the bench began. */
async function writeFor(ms: number, authors: readonly BenchSession[]): Promise<number> {
  const startMs = performance.now();
  const write = async (author: BenchSession) => {
    while (performance.now() - startMs < ms) await author.push(opsOf(written++, 1, bodyBytes));
  };
  await Promise.all(authors.map(write));
  return written;
}

async function untilAll(crowd: readonly BenchSession[], sent: number): Promise<void> {
  await Promise.all(crowd.map((one) => one.until(() => one.came.ops >= sent)));
}

/** The same streams over as many connections, and nothing but the loop that writes to them. */
async function openRawCrowd(floor: RawFloor, { small }: BenchContext) {
  const rounds = small ? 200 : 2_000;
  const came = { bytes: 0 };
  const sessions = Array.from({ length: connections }, () => floor.connect());
  await Promise.all(
    Array.from({ length: subscribers }, async (_, at) => {
      const stream = sessions[at % connections]?.request({
        ":method": "POST",
        ":path": "/listen/0/0",
      });
      stream?.on("data", (part: Buffer) => void (came.bytes += part.length));
      if (stream !== undefined) await onceOf(stream, "response");
    }),
  );
  const path = `/shout/${rounds}/${messageBytes}`;
  return () =>
    once(async () => {
      const upTo = came.bytes + rounds * subscribers * messageBytes;
      await drink(floor.session, { path, headers: {}, body: Buffer.alloc(1) });
      while (came.bytes < upTo) await realWorld.timers.sleep(1);
      return rounds * subscribers;
    }, [floor.pid]);
}

const pushesMin = 100;
const paceMs = 20;
const floodOps = 256;
const floodBodyBytes = 1_024;
const floods = 60;

/** How soon a hundred see it, and what one who does not read costs the hub. */
export const syncVisible: Look = {
  title: "Sync: B5, push to visible",
  what: `one op every ${paceMs} ms, heard by ${subscribers} sessions over ${connections} connections, on one machine; the hub's memory while one more takes nothing off`,
  look: ({ updatesMs, say }) =>
    overNodes("visible", connections, async (nodes, pid) => {
      const seen = await visible(nodes, Math.max(pushesMin, updatesMs / (10 * paceMs)));
      say("a reader stands still");
      return [...seen, ...(await stalled(nodes, pid))];
    }),
};

async function visible(nodes: readonly BenchNode[], pushes: number): Promise<Seen[]> {
  const stream = benchStream("visible");
  let sentMs = 0;
  const laterMs: number[] = [];
  const crowd = await openCrowd(nodes, stream, subscribers, ({ frame: { case: is } }) => {
    if (is === "packed" || is === "batch") laterMs.push(performance.now() - sentMs);
  });
  const author = await authorOf(nodes, stream);
  const ackMs: number[] = [];
  for (let push = 1; push <= pushes; push++) {
    sentMs = performance.now();
    await author.push(opsOf(push, 1, bodyBytes));
    ackMs.push(performance.now() - sentMs);
    await untilAll(crowd, push);
    await realWorld.timers.sleep(paceMs);
  }
  for (const one of [author, ...crowd]) one.close();
  return [
    latency("push to acknowledged, p50", "", ackMs, half),
    latency("push to visible, p50", "", laterMs, half),
    latency("push to visible, p99", "<= 50", laterMs, tail),
  ];
}

/** Writes more than any window holds, while one session takes nothing off, and then none. */
async function stalled(nodes: readonly BenchNode[], pid: number): Promise<Seen[]> {
  const stream = benchStream("stalled");
  const [slow, ...others] = nodes as [BenchNode, ...BenchNode[]];
  const crowd = await openCrowd(others, stream, connections);
  const author = await authorOf(others, stream);
  const flood = async (from: number) => {
    for (let at = from; at < from + floods; at++) {
      await author.push(opsOf(at * floodOps, floodOps, floodBodyBytes));
    }
    await untilAll(crowd, (from + floods) * floodOps);
    return residentBytes(pid);
  };
  await flood(0);
  const calm = await flood(floods);
  const still = new BenchSession(slow.session, stream, { readOnly: true });
  await still.resumed();
  still.pause();
  const marks = [calm];
  for (const round of rounds) marks.push(await flood(round * floods));
  for (const one of [still, author, ...crowd]) one.close();
  const sent = Math.round((floods * floodOps * floodBodyBytes) / megabyte);
  const name = `the hub grows while one reader takes nothing of ${sent} MB, and of as many again`;
  const grown = marks.slice(1).map((mark, at) => (mark - (marks[at] ?? 0)) / megabyte);
  const { min: best, median, max: worst } = spreadOf(grown) ?? {};
  return [{ name, unit: "MB", target: "not each time", best, median, worst }];
}

const megabyte = 2 ** 20;
/** Floods with one who stands still, after two without. */
const rounds = [2, 3, 4, 5];

async function authorOf(nodes: readonly BenchNode[], stream: Stream): Promise<BenchSession> {
  const [node] = nodes;
  if (node === undefined) throw new Error("no node");
  const author = new BenchSession(node.session, stream);
  await author.resumed();
  return author;
}
