import { countText } from "../../parts/measure.ts";
import { spanText } from "../../parts/span.ts";

/** How far somebody is behind, as it was told. */
export interface Lag {
  readonly ops: number;
  readonly ms: number;
  /** Whether a session is open, so that it will catch up. */
  readonly connected: boolean;
}

/** Whoever waits longer than this is worth a look. */
export const lateMs = 5_000;

const fineMs = 10_000;
const secondMs = 1_000;

/** A short wait to the tenth of a second. */
export function waitText(ms: number): string {
  if (ms < secondMs || ms >= fineMs) return spanText(ms);
  return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
}

/** "3 ops" or "1 op". */
export function opsText(ops: number): string {
  return `${countText(ops)} ${ops === 1 ? "op" : "ops"}`;
}

/** A lag in words; nothing is behind where nothing lacks. */
export function lagText({ ops, ms }: Lag): string {
  return ops === 0 ? "up to date" : `${opsText(ops)} behind, ${waitText(ms)}`;
}
