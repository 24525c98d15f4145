import {
  InputKind,
  type NodeTrust,
  TrustLevel,
} from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { unknown } from "../../parts/measure.ts";

/** A score with one digit; never a zero where none was computed. */
export function scoreText(score: number | undefined): string {
  return score === undefined ? unknown : score.toFixed(1);
}

/** A part of a whole, as percent. */
export function shareText(share: number | undefined): string {
  if (share === undefined) return unknown;
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** Milliseconds as measured. */
export function latencyText(ms: number | undefined): string {
  return ms === undefined ? unknown : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

const inputs: Readonly<Record<InputKind, string>> = {
  [InputKind.UNSPECIFIED]: "Unknown input",
  [InputKind.HEARTBEATS_KEPT]: "Heartbeats kept",
  [InputKind.SIGNATURES_VALID]: "Signatures valid",
  [InputKind.SKEW_IN_BOUNDS]: "Clock in bounds",
  [InputKind.SUMMARIES_FRESH]: "Summaries fresh",
  [InputKind.CHECKS_PASSED]: "Checks passed",
};

/** What an input looks at. */
export function inputName(kind: InputKind): string {
  return inputs[kind] ?? inputs[InputKind.UNSPECIFIED];
}

const levels: Readonly<Record<TrustLevel, string>> = {
  [TrustLevel.UNSPECIFIED]: "unknown",
  [TrustLevel.UNKNOWN]: "unknown",
  [TrustLevel.BASIC]: "basic",
  [TrustLevel.VERIFIED]: "verified",
  [TrustLevel.TRUSTED]: "trusted",
  [TrustLevel.PARTNER]: "partner",
};

/** How a level of verification is called. */
export function levelName(level: TrustLevel): string {
  return levels[level] ?? levels[TrustLevel.UNKNOWN];
}

/** What can be sorted by. */
export const trustKeys = ["name", "score", "claimed", "level", "reputation", "latency"] as const;
export type TrustKey = (typeof trustKeys)[number];

/** Sorted by a key; nodes without a value come last either way. */
export function sortTrust(
  trust: readonly NodeTrust[],
  key: TrustKey,
  descending: boolean,
): NodeTrust[] {
  const sign = descending ? -1 : 1;
  return trust.toSorted((one, other) => {
    const left = valueOf(one, key);
    const right = valueOf(other, key);
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || byName(one, other);
    }
    if (left === right) return byName(one, other);
    return left < right ? -sign : sign;
  });
}

function valueOf(trust: NodeTrust, key: TrustKey): string | number | undefined {
  switch (key) {
    case "name":
      return trust.nodeName.toLowerCase();
    case "score":
      return trust.score;
    case "claimed":
      return trust.claimedScore;
    case "level":
      return trust.level;
    case "reputation":
      return trust.reputation;
    case "latency":
      return trust.latencyMs;
  }
}

function byName(one: NodeTrust, other: NodeTrust): number {
  return one.nodeName < other.nodeName ? -1 : one.nodeName > other.nodeName ? 1 : 0;
}

/** One node among those that make a cycle's picture. */
export interface Contributor {
  readonly id: string;
  readonly name: string;
  readonly score: number;
  /** Its part of all the trust there is: so much it weighs where nodes are weighed by trust. */
  readonly weight: number;
}

/** The nodes with a score, heaviest first. */
export function contributorsOf(trust: readonly NodeTrust[]): readonly Contributor[] {
  const scored = trust.flatMap(({ nodeId: id, nodeName: name, score }) =>
    score === undefined ? [] : [{ id, name, score }],
  );
  const whole = scored.reduce((sum, { score }) => sum + score, 0);
  return scored
    .map((each) => ({ ...each, weight: whole === 0 ? 0 : each.score / whole }))
    .toSorted((one, other) => other.weight - one.weight || (one.name < other.name ? -1 : 1));
}
