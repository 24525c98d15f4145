import type {
  Keeping,
  ListTrustHistoryResponse_Point as Told,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";

/** One cycle on the chart; what was unknown then is a gap. */
export interface HistoryPoint {
  readonly at: number;
  readonly cycleId: string;
  readonly endMs: number;
  readonly score: number | null;
  readonly median: number | null;
  readonly robustMean: number | null;
}

/** The hub tells newest first; a chart goes from left to right. */
export function historyOf(told: readonly Told[]): readonly HistoryPoint[] {
  return told.toReversed().map((point, at) => ({
    at,
    cycleId: point.cycleId,
    endMs: Number(point.endMs),
    score: point.score ?? null,
    median: point.median ?? null,
    robustMean: point.robustMean ?? null,
  }));
}

const roomy = 5;

/** The lowest end of the scale: a deviation of a few points has to be seen. */
export function floorOf(points: readonly HistoryPoint[]): number {
  const values = points
    .flatMap(({ score, median }) => [score, median])
    .filter((each) => each !== null);
  const lowest = Math.min(...values, 100);
  return Math.max(0, Math.floor((lowest - roomy) / 10) * 10);
}

/** Round figures to read the scale by. */
export function ticksOf(floor: number): readonly number[] {
  const span = 100 - floor;
  const step = span <= 10 ? 2 : span <= 30 ? 5 : span <= 60 ? 10 : 20;
  return Array.from(
    { length: Math.floor(span / step) + 1 },
    (_, at) => 100 - at * step,
  ).toReversed();
}

/** In a few words, how the node stands beside the median. */
export function besideMedian({ score, median }: HistoryPoint): string {
  if (score === null) return "its score was unknown";
  if (median === null) return "the network had no median";
  const gap = score - median;
  if (Math.abs(gap) < 0.05) return "as the median";
  return `${Math.abs(gap).toFixed(1)} ${gap > 0 ? "above" : "below"} the median`;
}

const hourMs = 3_600_000n;
const dayMs = 24n * hourMs;

/** What the hub keeps of all cycles, e.g. "every cycle for 24 h, then one an hour for 30 days". */
export function keptWords(kept: readonly Keeping[]): string {
  const steps = kept.map(({ upToMs, everyMs }) => {
    const age = upToMs <= dayMs ? `${upToMs / hourMs} h` : `${upToMs / dayMs} days`;
    if (everyMs === 0n) return `every cycle for ${age}`;
    const each = everyMs === hourMs ? "an hour" : everyMs === dayMs ? "a day" : "in a while";
    return `one ${each} up to ${age}`;
  });
  return steps.join(", then ");
}
