const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const whole = /^(?:\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d)\s*)+$/;
const part = /(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g;

/** "15m", "1h30m", "90 s" in milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (!whole.test(trimmed)) return undefined;
  const parts = [...trimmed.matchAll(part)];
  const ms = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}
