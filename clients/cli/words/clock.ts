import { utcText } from "@foedus/kernel/time.ts";

/** The time of day in UTC, e.g. "10:03:02Z". */
export function clockText(ms: number): string {
  return `${utcText(ms).slice(11, 19)}Z`;
}
