import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { InputKind, TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { Keeping } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { bad, good, strong, unknown, warn, type Piece } from "../paint.ts";

const goodMin = 80;
const fairMin = 60;

const inputs: Record<InputKind, string> = {
  [InputKind.UNSPECIFIED]: "unknown",
  [InputKind.HEARTBEATS_KEPT]: "heartbeats kept",
  [InputKind.SIGNATURES_VALID]: "signatures valid",
  [InputKind.SKEW_IN_BOUNDS]: "skew in bounds",
  [InputKind.SUMMARIES_FRESH]: "summaries fresh",
  [InputKind.CHECKS_PASSED]: "checks passed",
};

const given: Readonly<Record<string, TrustLevel>> = {
  basic: TrustLevel.BASIC,
  verified: TrustLevel.VERIFIED,
  partner: TrustLevel.PARTNER,
};

/** What an input is called. */
export function inputName(kind: InputKind): string {
  return inputs[kind];
}

/** What a level is called. */
export function levelName(level: TrustLevel): string {
  return TrustLevel[level].toLowerCase();
}

/** The level an admin means; undefined for one that cannot be given. */
export function levelNamed(text: string): TrustLevel | undefined {
  return given[text.toLowerCase()];
}

/** A score of 0 to 100, painted as it should be felt. */
export function scoreText(score: number | undefined): Piece {
  if (score === undefined) return unknown;
  return gauged(score, aligned(score.toFixed(1)));
}

/** An input's value of 0 to 1, painted like a score. */
export function valueText(value: number | undefined): Piece {
  return value === undefined ? unknown : gauged(value * 100, value.toFixed(2));
}

/** A figure that is neither good nor bad; dim while unknown. */
export function figureText(value: number | undefined, digits = 1): Piece {
  return value === undefined ? unknown : aligned(value.toFixed(digits));
}

/** A round trip in milliseconds. */
export function latencyText(ms: number | undefined): Piece {
  return ms === undefined ? unknown : `${ms.toFixed(1)} ms`;
}

/** How a network is. */
export function healthText(health: NetworkHealth | undefined): Piece {
  switch (health) {
    case NetworkHealth.HEALTHY:
      return good("healthy");
    case NetworkHealth.DEGRADED:
      return warn("degraded");
    case NetworkHealth.CRITICAL:
      return bad("critical");
    default:
      return unknown;
  }
}

/** A name with its score, for one end of the ranking. */
export function rankedText(name: string | undefined, score: number | undefined): Piece {
  return name === undefined ? unknown : strong(`${name} (${score?.toFixed(1) ?? "unknown"})`);
}

function gauged(score: number, text: string): Piece {
  if (score >= goodMin) return good(text);
  return score >= fairMin ? warn(text) : bad(text);
}

const hourMs = 3_600_000n;
const dayMs = 24n * hourMs;

/** What the hub keeps of all cycles, e.g. "every cycle for 24 h, then one an hour up to 30 d". */
export function keptText(kept: readonly Keeping[]): string {
  const steps = kept.map(({ upToMs, everyMs }) => {
    const age = upToMs <= dayMs ? `${upToMs / hourMs} h` : `${upToMs / dayMs} d`;
    if (everyMs === 0n) return `every cycle for ${age}`;
    const each = everyMs === hourMs ? "an hour" : everyMs === dayMs ? "a day" : "in a while";
    return `one ${each} up to ${age}`;
  });
  return steps.join(", then ");
}

const figureWidth = 5;

/** The points stand below each other. */
function aligned(text: string): string {
  return text.padStart(figureWidth);
}
