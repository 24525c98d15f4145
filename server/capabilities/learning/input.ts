import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { TrustInput } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { InputKind } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { Witness } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { tripFits } from "./check.ts";
import { decimals, spanWords } from "./figure.ts";
import { watchedMs, type Window } from "./window.ts";
import { lostAs } from "./witness.ts";

/** What happened to a node in a window, with the newest cursors of each sort. */
export interface Sums {
  readonly lapsedMs: number;
  readonly pausedMs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  readonly stateCursors: readonly bigint[];
  readonly acceptedCursors: readonly bigint[];
  readonly refusedCursors: readonly bigint[];
  readonly failedCursors: readonly bigint[];
}

/** A node, and what the hub saw of it. */
export interface Observed {
  readonly node: Node;
  /** Undefined for one the log tells nothing of. */
  readonly witness: Witness | undefined;
  /** Undefined when nothing happened in the window. */
  readonly sums: Sums | undefined;
}

/** What inputs are judged by. */
export interface Terms {
  readonly window: Window;
  readonly heartbeatMs: number;
}

/** How much each input counts; they sum to 1. */
export const weights = {
  [InputKind.HEARTBEATS_KEPT]: 0.3,
  [InputKind.SIGNATURES_VALID]: 0.25,
  [InputKind.SKEW_IN_BOUNDS]: 0.15,
  [InputKind.SUMMARIES_FRESH]: 0.15,
  [InputKind.CHECKS_PASSED]: 0.15,
} as const;

/** A clock this far off is as good as one that is right. */
export const skewFineMs = 2_000;
/** A clock this far off is worth nothing. */
export const skewMostMs = 60_000;
/** A summary of this age is fresh. */
export const freshMs = 3 * 60_000;
/** A summary of this age is worth nothing. */
export const staleMs = 30 * 60_000;

const evidenceMax = 16;
const judgedMsMin = 1_000;

type Judged = Omit<TrustInput, "$typeName" | "kind" | "weight" | "evidenceCursors"> & {
  readonly cursors?: readonly bigint[];
};

/** The five inputs of a node's score, in the order of their kinds. */
export function inputsOf(observed: Observed, terms: Terms): TrustInput[] {
  return [
    input(InputKind.HEARTBEATS_KEPT, heartbeatsKept(observed, terms)),
    input(InputKind.SIGNATURES_VALID, signaturesValid(observed)),
    input(InputKind.SKEW_IN_BOUNDS, skewInBounds(observed, terms.window)),
    input(InputKind.SUMMARIES_FRESH, summariesFresh(observed, terms.window)),
    input(InputKind.CHECKS_PASSED, checksPassed(observed)),
  ];
}

function input(kind: keyof typeof weights, { cursors = [], ...judged }: Judged): TrustInput {
  const evidenceCursors = cursors.length === 0 ? [] : newestOf(cursors);
  const $typeName = "foedus.learning.v1.TrustInput";
  return { $typeName, kind, weight: weights[kind], ...judged, evidenceCursors };
}

function newestOf(cursors: readonly bigint[]): bigint[] {
  const some = [...new Set(cursors)].filter((cursor) => cursor > 0n);
  return some.toSorted((a, b) => Number(b - a)).slice(0, evidenceMax);
}

/** 1 up to `full`, 0 from `none` on, a straight line between them. */
export function falling(value: number, full: number, none: number): number {
  return Math.min(1, Math.max(0, (none - value) / (none - full)));
}

function heartbeatsKept(observed: Observed, { window, heartbeatMs }: Terms): Judged {
  const { node, witness, sums } = observed;
  const firstMs = firstHeld(node, witness);
  if (firstMs === undefined) return { samples: 0n, detail: "it was never seen" };
  const fromMs = Math.max(window.startMs, firstMs);
  const lost = { lapsedMs: sums?.lapsedMs ?? 0, pausedMs: sums?.pausedMs ?? 0 };
  for (const span of openSpans(observed, window.endMs)) {
    const sort = lostAs(span.state);
    if (sort === undefined) continue;
    lost[sort] += watchedMs(Math.max(fromMs, span.fromMs), span.toMs, window.away);
  }
  const judgedMs = watchedMs(fromMs, window.endMs, window.away) - lost.pausedMs;
  if (judgedMs < judgedMsMin) {
    return { samples: 0n, detail: lost.pausedMs > 0 ? "it is in maintenance" : "it just came" };
  }
  const keptMs = Math.max(0, judgedMs - lost.lapsedMs);
  return {
    value: keptMs / judgedMs,
    samples: BigInt(Math.max(1, Math.round(judgedMs / heartbeatMs))),
    detail: `its lease held ${spanWords(keptMs)} of ${spanWords(judgedMs)}`,
    cursors: [witness?.stateCursor ?? 0n, ...(sums?.stateCursors ?? [])],
  };
}

/** When it held a lease for the first time: nothing can be kept before. */
function firstHeld(node: Node, witness: Witness | undefined): number | undefined {
  if (witness !== undefined && witness.heldMs > 0n) return Number(witness.heldMs);
  if (node.lastSeenTime === undefined || node.createTime === undefined) return undefined;
  return timestampMs(node.createTime);
}

/** The states that no tally holds yet: the log's newest, and the registry's where it is ahead. */
function openSpans({ node, witness }: Observed, endMs: number) {
  const seenMs = witness === undefined ? 0 : Number(witness.stateMs);
  const stateMs = node.stateTime === undefined ? 0 : timestampMs(node.stateTime);
  if (witness === undefined || seenMs === 0) {
    return [{ state: node.state, fromMs: stateMs, toMs: endMs }];
  }
  if (stateMs <= seenMs) return [{ state: witness.state, fromMs: seenMs, toMs: endMs }];
  return [
    { state: witness.state, fromMs: seenMs, toMs: stateMs },
    { state: node.state, fromMs: stateMs, toMs: endMs },
  ];
}

function signaturesValid({ sums }: Observed): Judged {
  const { accepted = 0, refused = 0 } = sums ?? {};
  const all = accepted + refused;
  if (sums === undefined || all === 0) return { samples: 0n, detail: "it told nothing" };
  const cursors = [...sums.refusedCursors, ...sums.acceptedCursors.slice(0, 1)];
  const detail = `the signatures of ${accepted} of ${all} events held`;
  return { value: accepted / all, samples: BigInt(all), detail, cursors };
}

/** A skew is as old as the last heartbeat. */
function skewInBounds({ node }: Observed, { startMs }: Window): Judged {
  const { skewMs, lastSeenTime } = node;
  const seen = lastSeenTime !== undefined && timestampMs(lastSeenTime) >= startMs;
  if (skewMs === undefined || !seen) return { samples: 0n, detail: "its clock was not measured" };
  const offMs = Number(skewMs);
  const side = offMs < 0 ? "behind" : "ahead";
  const detail = `its clock is ${spanWords(Math.abs(offMs))} ${side}`;
  const value = falling(Math.abs(offMs), skewFineMs, skewMostMs);
  return { value, samples: 1n, detail: offMs === 0 ? "its clock agrees" : detail };
}

function summariesFresh({ witness }: Observed, { endMs, away }: Window): Judged {
  if (witness === undefined || witness.summaryMs === 0n) {
    return { samples: 0n, detail: "it never told a summary" };
  }
  const ageMs = watchedMs(Number(witness.summaryMs), endMs, away);
  const value = falling(ageMs, freshMs, staleMs);
  const awayMs = Math.max(0, endMs - Number(witness.summaryMs)) - ageMs;
  const without = awayMs > 0 ? ` (and ${spanWords(awayMs)} in which no hub was there)` : "";
  const detail = `its newest summary, ${witness.summaryType}, is ${spanWords(ageMs)} old${without}`;
  return { value, samples: 1n, detail, cursors: [witness.summaryCursor] };
}

/** A claimed round trip that fits adds nothing; one that does not is one more that failed. */
function checksPassed({ node, witness, sums }: Observed): Judged {
  if (sums === undefined || sums.accepted === 0) return { samples: 0n, detail: "it told nothing" };
  const claimedMs = witness?.telemetry?.syncLatencyMs;
  const measuredMs = latencyOf(node);
  const odd =
    claimedMs !== undefined && measuredMs !== undefined && !tripFits(claimedMs, measuredMs);
  const all = sums.accepted + (odd ? 1 : 0);
  const passed = Math.max(0, all - sums.failed - (odd ? 1 : 0));
  const what = `${passed} of ${all} things it told pass the hub's checks`;
  const claim = odd
    ? `; it claims a round trip of ${decimals(claimedMs, 1)} ms, measured are ${decimals(measuredMs, 1)} ms`
    : "";
  const newest = [...sums.acceptedCursors.slice(0, 1), odd ? (witness?.telemetryCursor ?? 0n) : 0n];
  const cursors = [...sums.failedCursors, ...newest];
  return { value: passed / all, samples: BigInt(all), detail: what + claim, cursors };
}

/** The round trip of a node's link, in milliseconds; undefined when never measured. */
export function latencyOf({ roundTripUs }: Node): number | undefined {
  return roundTripUs === undefined ? undefined : Number(roundTripUs) / 1_000;
}
