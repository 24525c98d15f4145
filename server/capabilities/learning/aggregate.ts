import type { RankedScore } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { robustMean } from "./robust.ts";

const healthy = { mean: 80, deviation: 12 };
const degraded = { mean: 60, deviation: 20 };

/** The scores of a network in a few figures. */
export interface Statistics {
  readonly participants: number;
  readonly unknown: number;
  readonly averageTrust: number | undefined;
  readonly medianTrust: number | undefined;
  /** Of the population. */
  readonly trustStdDeviation: number | undefined;
  readonly robustMean: number | undefined;
  readonly highest: RankedScore | undefined;
  readonly lowest: RankedScore | undefined;
  readonly networkHealth: NetworkHealth;
}

/** Sums up where the nodes stand. */
export function statisticsOf(nodes: readonly NodeTrust[]): Statistics {
  const ranked = nodes.flatMap((one) =>
    one.score === undefined ? [] : [rankedOf(one, one.score)],
  );
  // Of several with one score the oldest node stands highest.
  ranked.sort((a, b) => a.score - b.score || (a.nodeId < b.nodeId ? 1 : -1));
  const scores = ranked.map(({ score }) => score);
  const averageTrust = meanOf(scores);
  const trustStdDeviation = deviationOf(scores);
  return {
    participants: scores.length,
    unknown: nodes.length - scores.length,
    averageTrust,
    medianTrust: medianOf(scores),
    trustStdDeviation,
    robustMean: robustMean(scores),
    highest: ranked.at(-1),
    lowest: ranked[0],
    networkHealth: healthOf(averageTrust, trustStdDeviation),
  };
}

/** How a network with this mean and deviation is. */
export function healthOf(mean: number | undefined, deviation: number | undefined): NetworkHealth {
  if (mean === undefined || deviation === undefined) return NetworkHealth.UNSPECIFIED;
  const within = (limit: typeof healthy) => mean >= limit.mean && deviation <= limit.deviation;
  if (within(healthy)) return NetworkHealth.HEALTHY;
  return within(degraded) ? NetworkHealth.DEGRADED : NetworkHealth.CRITICAL;
}

/** The mean; undefined of nothing. */
export function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, or the mean of the two in the middle; of sorted values. */
export function medianOf(sorted: readonly number[]): number | undefined {
  const half = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return below === undefined || above === undefined ? undefined : (below + above) / 2;
}

/** The standard deviation of a whole population. */
export function deviationOf(values: readonly number[]): number | undefined {
  const mean = meanOf(values);
  if (mean === undefined) return undefined;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function rankedOf({ nodeId, nodeName }: NodeTrust, score: number): RankedScore {
  return { $typeName: "foedus.event.v1.RankedScore", nodeId, nodeName, score };
}
