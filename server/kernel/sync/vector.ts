/** What somebody has seen: of each incarnation of a hub the last stamp. Hubs only: it is small. */
export type Vector = Readonly<Record<string, number>>;

/** Whether a stamp is among what was seen. */
export function covers(vector: Vector, stamp: { hub: string; ctr: number }): boolean {
  return (vector[stamp.hub] ?? 0) >= stamp.ctr;
}

/** Whether one has seen all that the other has. */
export function dominates(one: Vector, other: Vector): boolean {
  return Object.entries(other).every(([hub, ctr]) => (one[hub] ?? 0) >= ctr);
}

/** What both have seen together. */
export function joined(one: Vector, other: Vector): Vector {
  const both: Record<string, number> = { ...one };
  for (const [hub, ctr] of Object.entries(other)) both[hub] = Math.max(both[hub] ?? 0, ctr);
  return both;
}

/** The same with one stamp more. */
export function stamped(vector: Vector, stamp: { hub: string; ctr: number }): Vector {
  return covers(vector, stamp) ? vector : { ...vector, [stamp.hub]: stamp.ctr };
}
