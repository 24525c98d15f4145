/** What waits in each lane, and what each may still send in this round. */
export interface Lanes {
  /** Whether a lane has something to send, and credit for it. */
  readonly ready: readonly boolean[];
  /** Bytes a lane may send before the next has its turn; what was too much counts against it. */
  readonly deficits: number[];
}

/** Lane 0 comes before all; the others share by these weights. */
const weights = [0, 4, 2, 1];
const quantumBytes = 8192;

/** No lane has sent anything. */
export function freshDeficits(): number[] {
  return weights.map(() => 0);
}

/** The lane whose turn it is: lane 0 at once, the others by deficit round robin. */
export function nextLane({ ready, deficits }: Lanes): number | undefined {
  if (ready[0] === true) return 0;
  const waiting = [1, 2, 3].filter((lane) => ready[lane] === true);
  if (waiting.length === 0) return undefined;
  for (;;) {
    const turn = waiting.find((lane) => (deficits[lane] ?? 0) > 0);
    if (turn !== undefined) return turn;
    for (const lane of waiting) {
      deficits[lane] = (deficits[lane] ?? 0) + (weights[lane] ?? 0) * quantumBytes;
    }
  }
}
