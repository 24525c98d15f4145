const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span in the one or two units that matter. */
export function spanText(ms: number): string {
  if (ms < secondMs) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return two(ms, [minuteMs, "min"], [secondMs, "s"]);
  if (ms < dayMs) return two(ms, [hourMs, "h"], [minuteMs, "min"]);
  return two(ms, [dayMs, "d"], [hourMs, "h"]);
}

/** How long ago or ahead an instant is, in the one unit that matters. */
export function agoText(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (ms <= -secondMs) return `in ${coarse(ahead(-ms))}`;
  return ms < 2 * secondMs ? "just now" : `${coarse(ms)} ago`;
}

/** A short time such as a round trip, with as many digits as mean something. */
export function tripText(microseconds: number): string {
  const ms = microseconds / 1_000;
  if (ms >= 100) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`;
}

/** How far a clock is ahead or behind. */
export function skewText(ms: number): string {
  if (Math.abs(ms) < 1) return "none";
  return `${spanText(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;
}

/** What ends in 14 min 59 s ends in 15 min: nobody cares for the second that the call took. */
function ahead(ms: number): number {
  const slackMs = 2 * secondMs;
  return ms < minuteMs ? ms : ms + slackMs;
}

function coarse(ms: number): string {
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}

type Unit = readonly [ms: number, name: string];

function two(ms: number, [majorMs, major]: Unit, [minorMs, minor]: Unit): string {
  const high = Math.floor(ms / majorMs);
  const low = Math.floor((ms % majorMs) / minorMs);
  return low === 0 ? `${high} ${major}` : `${high} ${major} ${low} ${minor}`;
}
