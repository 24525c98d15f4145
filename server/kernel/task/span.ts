const secondMs = 1_000;
const units = [
  ["day", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", secondMs],
] as const;
/** From so many of a unit on, a smaller one says nothing more. */
const coarseFrom = 10;

/** A span as people read it: "40 s", "3 min 20 s", "2 days". */
export function spanWords(ms: number): string {
  if (ms < secondMs) return "less than 1 s";
  const at = units.findIndex(([, unitMs]) => ms >= unitMs);
  const [name, unitMs] = units[at] ?? units[3];
  const count = Math.floor(ms / unitMs);
  const [small, smallMs] = units[at + 1] ?? units[3];
  const rest = Math.floor((ms % unitMs) / smallMs);
  const whole = wordOf(count, name);
  return rest === 0 || smallMs === unitMs || count >= coarseFrom
    ? whole
    : `${whole} ${wordOf(rest, small)}`;
}

function wordOf(count: number, unit: string): string {
  return unit === "day" && count !== 1 ? `${count} days` : `${count} ${unit}`;
}
