// What a hub process takes of submitters and workers, over mutual TLS with all guards.
import type { Bench } from "./context.ts";
import { once, repeat } from "./drive.ts";
import { joinNodes, type BenchNode } from "./federation.ts";
import type { Turn } from "./rounds.ts";
import { claim, complete, submitMany, submitOne } from "./task-session.ts";

const workers = 8;
const batch = 50;
const fillBatch = 1_000;
const queue = "rpc";

/** The way of a task through the methods of a hub. */
export const taskRpc: Bench = {
  title: "Tasks over the methods of a hub",
  what: `${workers} nodes with a connection each: claims of ${batch} tasks or one, and their results; tasks submitted one by one, and by the hundred; each answer is durable`,
  target: "",
  async run(context) {
    const nodes = await joinNodes(context.federation, "tasks", workers);
    const pids = [context.federation.hub.child.pid ?? 0];
    const { turnMs: ms, small } = context;
    const waiting = small ? 4_000 : 60_000;
    const line = (at: number) => nodes[at] as BenchNode;
    const counted = async (act: (at: number) => Promise<number>): Promise<Turn> => {
      let operations = 0;
      const one = async (at: number) => {
        const done = await act(at);
        operations += done;
      };
      const turn = await repeat(one, { lines: workers, ms, pids });
      return { ...turn, operations };
    };
    const work = async (count: number) => {
      await fill(nodes, waiting);
      return await counted(async (at) => {
        const { session } = line(at);
        const held = await claim(session, { queue, name: `w${at}`, count, waitMs: 1_000 });
        if (held.length > 0) await complete(session, held);
        return held.length;
      });
    };
    const submits = (act: (at: number) => Promise<number>) => async () => {
      const turn = await counted(act);
      await drain(nodes);
      return turn;
    };
    const one = async (at: number) => {
      await submitOne(line(at).session, queue);
      return 1;
    };
    const hundred = async (at: number) => {
      await submitMany(line(at).session, queue, 100);
      return 100;
    };
    try {
      return await context.measure([
        { name: `claimed and completed, ${batch} at once`, turn: () => work(batch) },
        { name: "claimed and completed, singly", turn: () => work(1) },
        { name: "submitted, 100 at once", turn: submits(hundred) },
        { name: "submitted, singly", turn: submits(one) },
      ]);
    } finally {
      for (const { session } of nodes) session.destroy();
    }
  },
};

/** As much as one turn can take; what the turn before left is taken out first. */
async function fill(nodes: readonly BenchNode[], waiting: number): Promise<void> {
  await drain(nodes);
  const [node] = nodes as [BenchNode];
  for (let at = 0; at < waiting; at += fillBatch) await submitMany(node.session, queue, fillBatch);
}

async function drain(nodes: readonly BenchNode[]): Promise<void> {
  const empty = async ({ session }: BenchNode, at: number) => {
    for (;;) {
      const held = await claim(session, { queue, name: `w${at}`, count: 256 });
      if (held.length === 0) return;
      await complete(session, held);
    }
  };
  await once(async () => {
    await Promise.all(nodes.map(empty));
    return 0;
  }, []);
}
