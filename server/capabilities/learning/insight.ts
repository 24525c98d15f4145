import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { NodeTrust, TrustInput } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { InputKind } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { Statistics } from "./aggregate.ts";
import { decimals } from "./figure.ts";

/** Where a node stood. */
export interface Stood {
  readonly score: number | undefined;
  readonly latencyMs: number | undefined;
  inputs(): readonly TrustInput[];
}

/** A node now, and after the cycle before. */
export interface Passage {
  readonly now: NodeTrust;
  readonly before: Stood | undefined;
}

/** The figures of a cycle in words. */
export interface Figures extends Statistics {
  readonly averageLatencyMs: number | undefined;
  readonly latencyTrendMs: number | undefined;
}

const movedMin = 5;
const boastMin = 20;
const slowerMsMin = 20;
const slowerFactor = 2;
const findingsMax = 20;
const namesMax = 5;

/** How much each sort of finding matters; what moved further comes first within a sort. */
const rank = { health: 7, forged: 6, fell: 5, lost: 4, failed: 3, slowed: 2, boast: 1, rose: 0 };

interface Finding {
  readonly rank: number;
  readonly size: number;
  readonly words: string;
}

const healthWords = ["unknown", "healthy", "degraded", "critical"];
const inputWords: Record<InputKind, string> = {
  [InputKind.UNSPECIFIED]: "unknown",
  [InputKind.HEARTBEATS_KEPT]: "heartbeats kept",
  [InputKind.SIGNATURES_VALID]: "signatures valid",
  [InputKind.SKEW_IN_BOUNDS]: "skew in bounds",
  [InputKind.SUMMARIES_FRESH]: "summaries fresh",
  [InputKind.CHECKS_PASSED]: "checks passed",
};

/** What changed or stands out, most important first. */
export function findingsOf(
  passages: readonly Passage[],
  health: NetworkHealth,
  healthBefore: NetworkHealth,
): string[] {
  const found = passages.flatMap(findingsOfNode);
  if (health !== healthBefore && healthBefore !== NetworkHealth.UNSPECIFIED) {
    const words = `The network is ${healthWords[health]}; it was ${healthWords[healthBefore]}.`;
    found.push({ rank: rank.health, size: 0, words });
  }
  found.sort((a, b) => b.rank - a.rank || b.size - a.size || (a.words < b.words ? -1 : 1));
  const words = found.map((finding) => finding.words);
  return [...words.slice(0, findingsMax), ...unknownNodes(passages)];
}

/** One paragraph. */
export function summaryOf(figures: Figures, findings: readonly string[]): string {
  const { participants, unknown, averageTrust, trustStdDeviation, robustMean } = figures;
  if (averageTrust === undefined || trustStdDeviation === undefined || robustMean === undefined) {
    if (unknown === 0) return "There is no node yet.";
    return `No node has a score yet; ${counted(unknown)} unknown.`;
  }
  const trust = `mean ${averageTrust.toFixed(1)}, deviation ${trustStdDeviation.toFixed(1)}`;
  const parts = [
    `${healthWords[figures.networkHealth]?.replace(/^./, (first) => first.toUpperCase())}:`,
    `${counted(participants)} with ${trust}, robust mean ${robustMean.toFixed(1)}.`,
  ];
  if (unknown > 0) parts.push(`${counted(unknown)} unknown.`);
  const { averageLatencyMs, latencyTrendMs } = figures;
  if (averageLatencyMs !== undefined) {
    parts.push(
      `Round trips take ${decimals(averageLatencyMs, 1)} ms${trendWords(latencyTrendMs)}.`,
    );
  }
  const [first] = findings;
  return [...parts, ...(first === undefined ? [] : [first])].join(" ");
}

/** The nodes whose rise or fall may be among the findings. */
export function farthest(passages: readonly Passage[]): Passage[] {
  const far = passages.filter((one) => Math.abs(moveOf(one)) >= movedMin);
  far.sort((a, b) => moveOf(a) - moveOf(b));
  return far.length <= 2 * findingsMax
    ? far
    : [...far.slice(0, findingsMax), ...far.slice(-findingsMax)];
}

/** How far its score moved; 0 while it was or is unknown. */
function moveOf({ now, before }: Passage): number {
  if (now.score === undefined || before?.score === undefined) return 0;
  return now.score - before.score;
}

function findingsOfNode({ now, before }: Passage): Finding[] {
  const name = now.nodeName;
  const found: Finding[] = [];
  const add = (sort: keyof typeof rank, size: number, words: string) =>
    void found.push({ rank: rank[sort], size, words });
  const moved = moveOf({ now, before });
  if (now.score !== undefined && before !== undefined && Math.abs(moved) >= movedMin) {
    const by = `by ${Math.abs(moved).toFixed(1)} points to ${now.score.toFixed(1)}`;
    const why = mostMoved(now.inputs, before.inputs(), Math.sign(moved));
    if (moved < 0) add("fell", -moved, `${name} fell ${by}${why}.`);
    else add("rose", moved, `${name} rose ${by}${why}.`);
  }
  if (now.score === undefined && before?.score !== undefined) {
    add("lost", before.score, `${name} is unknown now; it had ${before.score.toFixed(1)}.`);
  }
  for (const { kind, value = 1, samples, detail } of now.inputs) {
    if (value === 1) continue;
    if (kind === InputKind.SIGNATURES_VALID) add("forged", 1 - value, `${name}: ${detail}.`);
    if (kind === InputKind.CHECKS_PASSED && samples > 0n)
      add("failed", 1 - value, `${name}: ${detail}.`);
  }
  const [nowMs, beforeMs] = [now.latencyMs, before?.latencyMs];
  if (nowMs !== undefined && beforeMs !== undefined && isSlower(nowMs, beforeMs)) {
    const words = `from ${decimals(beforeMs, 1)} ms to ${decimals(nowMs, 1)} ms`;
    add("slowed", nowMs - beforeMs, `The link of ${name} slowed ${words}.`);
  }
  const boast = (now.claimedScore ?? 0) - (now.score ?? 100);
  if (now.score !== undefined && boast >= boastMin) {
    const claim = `${name} claims ${decimals(now.claimedScore ?? 0, 1)}`;
    add("boast", boast, `${claim} and has ${now.score.toFixed(1)}.`);
  }
  return found;
}

function isSlower(nowMs: number, beforeMs: number): boolean {
  return nowMs >= beforeMs * slowerFactor && nowMs - beforeMs >= slowerMsMin;
}

/** The input that did most of it. */
function mostMoved(
  now: readonly TrustInput[],
  before: readonly TrustInput[],
  side: number,
): string {
  const moves = now.flatMap((one) => {
    const was = before.find((other) => other.kind === one.kind)?.value;
    if (one.value === undefined || was === undefined) return [];
    return [{ one, was, size: (one.value - was) * one.weight * side }];
  });
  const [most] = moves.toSorted((a, b) => b.size - a.size);
  if (most === undefined || most.size <= 0) return "";
  const values = `${decimals(most.was, 2)} before, ${decimals(most.one.value ?? 0, 2)} now`;
  return `: ${inputWords[most.one.kind]} ${values} (${most.one.detail})`;
}

function unknownNodes(passages: readonly Passage[]): string[] {
  const names = passages.flatMap(({ now }) => (now.score === undefined ? [now.nodeName] : []));
  if (names.length === 0) return [];
  const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  const list = names.slice(0, namesMax).join(", ");
  return [`Too little is known of ${list}${more}: fewer than three inputs have a value.`];
}

function trendWords(trendMs: number | undefined): string {
  if (trendMs === undefined || Math.abs(trendMs) < 0.1) return "";
  return `, ${decimals(Math.abs(trendMs), 1)} ms ${trendMs > 0 ? "more" : "less"} than before`;
}

function counted(count: number): string {
  return `${count} ${count === 1 ? "node" : "nodes"}`;
}
