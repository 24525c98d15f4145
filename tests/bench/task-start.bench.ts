// How soon a task that is submitted is begun, and what workers cost that have nothing to do.
import type { ClientHttp2Session } from "node:http2";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { once } from "./drive.ts";
import { connectNode, type BenchNode } from "./federation.ts";
import { half, latency, overNodes, tail } from "./latency.ts";
import type { Look, Seen } from "./look.ts";
import { spreadOf } from "./rounds.ts";
import { BenchShift, claim, submitOne } from "./task-session.ts";

const workers = 100;
const nodeCount = 10;
const paceMs = 20;
const pushesMin = 100;
const pollsFull = 10_000;
const pollsSmall = 1_000;
/** What a connection carries at most, with some to spare. */
const pollsOfConnection = 90;
const pollMs = 60_000;
const fullMs = 60_000;
const settleMs = 3_000;

/** Latency and idleness. */
export const taskStart: Look = {
  title: "B11: tasks, from push to start",
  what: `a task every ${paceMs} ms, from before it is submitted until one of ${workers} workers has it over its stream; and the hub's CPU while workers wait in ClaimTasks`,
  look: ({ updatesMs, say }) =>
    overNodes("start", nodeCount, async (nodes, pid) => {
      const seen = await started(nodes, Math.max(pushesMin, updatesMs / (2 * paceMs)));
      const polls = updatesMs >= fullMs ? pollsFull : pollsSmall;
      say(`${polls} workers wait`);
      return [...seen, ...(await idle(nodes, pid, { polls, ms: updatesMs / 4 }))];
    }),
};

async function started(nodes: readonly BenchNode[], pushes: number): Promise<Seen[]> {
  const queue = "start";
  let came: (() => void) | undefined;
  const crew = Array.from({ length: workers }, (_, at) => {
    const { session } = nodes[at % nodes.length] as BenchNode;
    return new BenchShift(session, { queue, name: `w${at}` }, () => came?.());
  });
  await Promise.all(crew.map(({ ready }) => ready));
  const [author] = nodes as [BenchNode];
  const [startMs, ackMs]: [number[], number[]] = [[], []];
  for (let push = 0; push < pushes; push++) {
    const sentMs = performance.now();
    const begun = new Promise<void>((resolve) => (came = resolve));
    await submitOne(author.session, queue);
    ackMs.push(performance.now() - sentMs);
    await begun;
    startMs.push(performance.now() - sentMs);
    await realWorld.timers.sleep(paceMs);
  }
  for (const shift of crew) shift.close();
  return [
    latency("push to acknowledged, p50", "", ackMs, half),
    latency("push to start, p50", "", startMs, half),
    latency("push to start, p99", "< 50", startMs, tail),
  ];
}

const percent = 100;
const microseconds = 1_000_000;

/** What the hub spends on so many who wait and get nothing, beside what it spends on nobody. */
async function idle(
  nodes: readonly BenchNode[],
  pid: number,
  { polls, ms: spanMs }: { readonly polls: number; readonly ms: number },
): Promise<Seen[]> {
  const before = await sharesOf(pid, spanMs);
  const sessions: ClientHttp2Session[] = [];
  for (let at = 0; at * pollsOfConnection < polls; at++) {
    const { membership } = nodes[at % nodes.length] as BenchNode;
    sessions.push(await connectNode(membership));
  }
  const waiting = Array.from({ length: polls }, (_, at) => {
    const session = sessions[at % sessions.length] as ClientHttp2Session;
    const wish = { queue: "idle", name: `p${at}`, count: 1, waitMs: pollMs };
    return claim(session, wish).catch(() => []);
  });
  await realWorld.timers.sleep(settleMs);
  const during = await sharesOf(pid, spanMs);
  for (const session of sessions) session.destroy();
  await Promise.all(waiting);
  const added = during.map((share, at) => share - (before[at] ?? 0));
  return [
    ofCore("CPU of the hub while nobody waits", "", before),
    ofCore(`CPU of the hub while ${polls} claims wait`, "", during),
    ofCore(`what ${polls} waiting claims add to it`, "< 5", added),
  ];
}

const parts = 4;

/** The hub's CPU in parts of the span, each as a share of a core, the least first. */
async function sharesOf(pid: number, spanMs: number): Promise<number[]> {
  const shares: number[] = [];
  for (let part = 0; part < parts; part++) {
    const turn = await once(async () => {
      await realWorld.timers.sleep(spanMs / parts);
      return 1;
    }, [pid]);
    shares.push(((turn.cpuUs ?? 0) / (turn.seconds * microseconds)) * percent);
  }
  return shares.toSorted((a, b) => a - b);
}

function ofCore(name: string, target: string, shares: readonly number[]): Seen {
  const { min: best, median, max: worst } = spreadOf(shares) ?? {};
  return { name, unit: "% of a core", target, best, median, worst };
}
