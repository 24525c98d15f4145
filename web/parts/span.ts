const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span in the one or two units that matter. */
export function spanText(ms: number): string {
  if (ms < secondMs) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return two(ms, minuteMs, "min", secondMs, "s");
  if (ms < dayMs) return two(ms, hourMs, "h", minuteMs, "min");
  return two(ms, dayMs, "d", hourMs, "h");
}

/** For how long already, after a word that leads to it; what began this second only just did. */
export function sinceText(ms: number, lead = ""): string {
  if (ms < secondMs) return "just now";
  return lead === "" ? spanText(ms) : `${lead} ${spanText(ms)}`;
}

/** How long ago, in the one unit that matters. */
export function agoText(ms: number): string {
  if (ms < -secondMs) return `in ${coarse(-ms)}`;
  if (ms < 2 * secondMs) return "just now";
  return `${coarse(ms)} ago`;
}

function coarse(ms: number): string {
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}

function two(ms: number, major: number, majorName: string, minor: number, minorName: string) {
  const high = Math.floor(ms / major);
  const low = Math.floor((ms % major) / minor);
  return low === 0 ? `${high} ${majorName}` : `${high} ${majorName} ${low} ${minorName}`;
}
