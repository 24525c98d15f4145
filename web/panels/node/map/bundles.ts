import type { Tie } from "../ties.ts";
import type { Cluster } from "./clusters.ts";
import type { Point } from "./geometry.ts";

/** All ties between the nodes of two clusters as one. */
export interface Bundle {
  readonly key: string;
  readonly from: Point;
  readonly to: Point;
  readonly count: number;
  /** The keys of both clusters. */
  readonly ends: readonly string[];
}

/** What ties clusters to each other. */
export function bundleTies(ties: readonly Tie[], clusters: readonly Cluster[]): readonly Bundle[] {
  const homes = new Map<string, Cluster>();
  for (const cluster of clusters) for (const { id } of cluster.nodes) homes.set(id, cluster);
  const bundles = new Map<string, Omit<Bundle, "key">>();
  for (const { fromId, toId } of ties) {
    const [from, to] = [homes.get(fromId), homes.get(toId)];
    if (from === undefined || to === undefined || from === to) continue;
    const ends = [from.key, to.key].toSorted();
    const key = ends.join(" ");
    const count = (bundles.get(key)?.count ?? 0) + 1;
    bundles.set(key, { from: from.place, to: to.place, count, ends });
  }
  return Array.from(bundles, ([key, bundle]) => ({ key, ...bundle }));
}
