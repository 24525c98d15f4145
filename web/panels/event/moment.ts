import { toJson } from "@bufbuild/protobuf";
import { timestampFromMs, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { instantOf, localTime } from "../../parts/clock.ts";

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const span = /^(?:\d{1,9}(?:\.\d{1,3})?\s*(?:ms|s|min|m|h|d)\s*)+$/u;
const part = /(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/gu;
const day = String.raw`\d{4}-\d{2}-\d{2}`;
const time = String.raw`T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})`;
const instant = new RegExp(`^${day}(?:${time})?$`, "u");

/** An instant as the command line reads it too: "15m" ago, or a day or time; undefined for none. */
export function momentIn(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const agoMs = agoIn(text);
  if (agoMs !== undefined) return nowMs - agoMs;
  const ms = instant.test(text) ? instantOf(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Whether it is told by how long ago, so that it moves with the time. */
export function isAgo(text: string | undefined): boolean {
  return text !== undefined && agoIn(text) !== undefined;
}

/** An instant as an address and the command line carry it. */
export function momentText(ms: number): string {
  return toJson(TimestampSchema, timestampFromMs(ms));
}

/** An instant of the address in the words of the reader's own calendar. */
export function momentWords(text: string): string {
  const ms = isAgo(text) ? undefined : momentIn(text, 0);
  return ms === undefined ? text : localTime(ms, "full").replace(/\.\d{3}/u, "");
}

function agoIn(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (!span.test(trimmed)) return undefined;
  return [...trimmed.matchAll(part)].reduce(
    (sum, [, count, unit = ""]) => sum + Math.round(Number(count) * (units[unit] ?? 0)),
    0,
  );
}
