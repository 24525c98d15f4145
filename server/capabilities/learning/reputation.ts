import { TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GivenLevel } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { utcText } from "@foedus/kernel/time.ts";
import { decimals, spanWords } from "./figure.ts";

const dayMs = 86_400_000;

/** In which time a reputation halves its distance to what the score says. */
export const halfLifeMs = 7 * dayMs;

/** Where everybody starts: nobody knows better. */
export const reputationStart = 0.5;

/** A reputation from here on earns trust, in time. */
export const goodMin = 0.9;

/** For how long. */
export const earnedMs = 30 * dayMs;

/** What a reputation was, and when. */
export interface Reputation {
  readonly value: number | undefined;
  /** Since when it is good without a break; undefined while it is not. */
  readonly goodMs: number | undefined;
}

/** A reputation after some time with a score. */
export interface Moved extends Reputation {
  readonly because: string;
}

/** Moves a reputation toward a score; an unknown score leaves it where it is. */
export function moveReputation(
  before: Reputation,
  score: number | undefined,
  spentMs: number,
  nowMs: number,
): Moved {
  if (score === undefined) {
    if (before.value === undefined)
      return { ...before, because: "no reputation yet: its score is unknown" };
    const stays = `reputation stays ${decimals(before.value, 3)}: its score is unknown`;
    return { ...before, because: stays };
  }
  if (before.value === undefined) {
    const because = `reputation begins at ${reputationStart}, as everybody's`;
    return { value: reputationStart, goodMs: undefined, because };
  }
  const goal = score / 100;
  const from = before.value;
  const value = goal + (from - goal) * 2 ** (-spentMs / halfLifeMs);
  const goodMs = value >= goodMin ? (before.goodMs ?? nowMs) : undefined;
  const figures = `${decimals(goal, 4)} + (${decimals(from, 4)} - ${decimals(goal, 4)})`;
  const because = `reputation ${decimals(value, 4)} = ${figures} x 2^(-${spanWords(spentMs)} / 7 d)`;
  return { value, goodMs, because };
}

/** A level and why. */
export interface Level {
  readonly level: TrustLevel;
  readonly because: string;
}

/** The level of a node, by who vouched for it, what an admin said, and what it earned. */
export function levelOf(
  vouched: boolean,
  given: GivenLevel | undefined,
  { goodMs }: Reputation,
  nowMs: number,
): Level {
  if (given === undefined) {
    return vouched
      ? { level: TrustLevel.BASIC, because: "basic: an admin's token or approval admitted it" }
      : { level: TrustLevel.UNKNOWN, because: "unknown: nobody vouched for it" };
  }
  const said = `${given.givenBy} said so on ${utcText(Number(given.giveMs))}: ${given.reason}`;
  if (given.level !== TrustLevel.VERIFIED) {
    const word = given.level === TrustLevel.PARTNER ? "partner" : "basic";
    return { level: given.level, because: `${word}: ${said}` };
  }
  const goodFor = goodMs === undefined ? 0 : nowMs - goodMs;
  if (goodFor >= earnedMs) {
    const earned = `its reputation is at least ${goodMin} for ${spanWords(goodFor)}`;
    return { level: TrustLevel.TRUSTED, because: `trusted: ${earned}, and ${said}` };
  }
  const lacks =
    goodMs === undefined
      ? `trusted takes a reputation of ${goodMin} for 30 d`
      : `trusted in ${spanWords(earnedMs - goodFor)}, if its reputation stays at least ${goodMin}`;
  return { level: TrustLevel.VERIFIED, because: `verified: ${said}; ${lacks}` };
}
