// How soon what is asked of a federation is done, one by one.
import { joinNodes, startFederation, type BenchNode } from "./federation.ts";
import type { Seen } from "./look.ts";
import { spreadOf } from "./rounds.ts";

/** Looks at a federation of its own, over nodes that are gone afterwards; `pid` is the hub's. */
export async function overNodes(
  name: string,
  count: number,
  look: (nodes: readonly BenchNode[], pid: number) => Promise<Seen[]>,
): Promise<Seen[]> {
  const federation = await startFederation();
  try {
    const nodes = await joinNodes(federation, name, count);
    const seen = await look(nodes, federation.hub.child.pid ?? 0);
    for (const { session } of nodes) session.destroy();
    return seen;
  } finally {
    await federation.stop();
  }
}

/** What half of them take at most, and what nearly all. */
export const [half, tail] = [0.5, 0.99];

/** The latency that a share of them stays within. */
export function latency(name: string, target: string, all: readonly number[], share: number): Seen {
  const { min, max } = spreadOf(all) ?? {};
  const at = all.toSorted((a, b) => a - b)[Math.floor(all.length * share)];
  return { name, unit: "ms", target, best: min, median: at, worst: max };
}
