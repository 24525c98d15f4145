const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A figure with at most so many decimals, and none that says nothing. */
export function decimals(value: number, most: number): string {
  return String(Number(value.toFixed(most)));
}

/** A span in the one or two units that matter, e.g. "9 min 30 s". */
export function spanWords(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < minuteMs) return `${decimals(ms / secondMs, 1)} s`;
  if (ms < hourMs) return two(ms, [minuteMs, "min"], [secondMs, "s"]);
  if (ms < dayMs) return two(ms, [hourMs, "h"], [minuteMs, "min"]);
  return two(ms, [dayMs, "d"], [hourMs, "h"]);
}

type Unit = readonly [ms: number, name: string];

function two(ms: number, [majorMs, major]: Unit, [minorMs, minor]: Unit): string {
  const high = Math.floor(ms / majorMs);
  const low = Math.floor((ms % majorMs) / minorMs);
  return low === 0 ? `${high} ${major}` : `${high} ${major} ${low} ${minor}`;
}
