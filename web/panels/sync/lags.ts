import { shortCount } from "../../parts/measure.ts";
import { lagText, waitText } from "./lag-text.ts";

/** How far a node is behind in all the streams it follows. */
export interface NodeLag {
  /** How many it follows. */
  readonly streams: number;
  readonly refused: number;
  readonly connected: boolean;
  /** What it lacks in all of them. */
  readonly ops: number;
  /** Since when the oldest of that waits, by the hub's clock; undefined where it lacks nothing. */
  readonly sinceMs: number | undefined;
}

/** What a map draws of sync. */
export interface Lags {
  readonly byNode: ReadonlyMap<string, NodeLag>;
  /** Those whose wait is worth a mark. */
  readonly late: ReadonlySet<string>;
}

/** Nothing is synced, or nobody has asked yet. */
export const noLags: Lags = { byNode: new Map(), late: new Set() };

/** "sync 3 ops behind, 1.2 s"; undefined where nothing is lacking. */
export function syncText({ ops, sinceMs, connected }: NodeLag, nowMs: number): string | undefined {
  if (sinceMs === undefined) return undefined;
  return `sync ${lagText({ ops, ms: Math.max(0, nowMs - sinceMs), connected })}`;
}

/** A wait that is over before anybody has read it is worth no words on a line. */
const wordsMs = 1_000;

/** "3 ops, 1.2 s"; undefined where nothing is lacking, or only just. */
export function syncShort({ ops, sinceMs }: NodeLag, nowMs: number): string | undefined {
  if (sinceMs === undefined || nowMs - sinceMs < wordsMs) return undefined;
  return `${shortCount(ops)} ${ops === 1 ? "op" : "ops"}, ${waitText(nowMs - sinceMs)}`;
}
