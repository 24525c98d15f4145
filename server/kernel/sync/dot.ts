import type { Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

/** The name of the op that a replica wrote as its `ctr`th. */
export function dotOf(replica: string, ctr: number): Dot {
  return { $typeName: "foedus.sync.v1.Dot", replica, ctr };
}

/** A dot as the key of a map. */
export function dotKey({ replica, ctr }: Pick<Dot, "replica" | "ctr">): string {
  return `${replica}:${ctr}`;
}

/** An order of dots that is the same everywhere. */
export function byDot(one: Dot, other: Dot): number {
  if (one.replica !== other.replica) return one.replica < other.replica ? -1 : 1;
  return one.ctr - other.ctr;
}

/** Whether both name the same op. */
export function sameDot(one: Dot, other: Dot): boolean {
  return one.ctr === other.ctr && one.replica === other.replica;
}
