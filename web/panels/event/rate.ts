import type { Row } from "./log.ts";

/** How many events were stored in each interval, by family. */
export interface Rate {
  readonly fromMs: number;
  readonly stepMs: number;
  /** The families with a colour of their own; what is left is counted under `others`. */
  readonly families: readonly string[];
  /** Of each interval, the count of each family and of all others. */
  readonly columns: readonly (readonly number[])[];
  readonly most: number;
  readonly total: number;
}

/** What stands for every family that has no colour of its own. */
export const others = "others";

const familiesMax = 4;
const columnsMax = 120;
/** A young log does not fill the strip with three bars. */
const columnsMin = 60;
const stepsMs = [
  1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  10_800_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Counts what is loaded; undefined when there is nothing to count. */
export function rateOf(rows: readonly Row[]): Rate | undefined {
  const facts = rows.flatMap((row) => (row.case === "fact" ? [row.fact] : []));
  let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const totals = new Map<string, number>();
  for (const { receivedMs, event } of facts) {
    oldestMs = Math.min(oldestMs, receivedMs);
    newestMs = Math.max(newestMs, receivedMs);
    totals.set(event.type, (totals.get(event.type) ?? 0) + 1);
  }
  if (totals.size === 0) return undefined;
  const stepMs = stepFor(newestMs - oldestMs);
  const lastMs = Math.floor(newestMs / stepMs) * stepMs;
  const firstMs = Math.floor(oldestMs / stepMs) * stepMs;
  const fromMs = Math.min(firstMs, lastMs - (columnsMin - 1) * stepMs);
  const families = topOf(totals);
  const width = families.length + 1;
  const count = (lastMs - fromMs) / stepMs + 1;
  const columns = Array.from({ length: count }, () => Array.from({ length: width }, () => 0));
  const places = new Map(families.map((family, at) => [family, at]));
  for (const { receivedMs, event } of facts) {
    const column = columns[Math.floor((receivedMs - fromMs) / stepMs)];
    const place = places.get(event.type) ?? families.length;
    if (column !== undefined) column[place] = (column[place] ?? 0) + 1;
  }
  const most = columns.reduce((so, column) => Math.max(so, sumOf(column)), 0);
  return { fromMs, stepMs, families, columns, most, total: facts.length };
}

/** How many events an interval has. */
export function sumOf(column: readonly number[]): number {
  return column.reduce((sum, count) => sum + count, 0);
}

function stepFor(spanMs: number): number {
  const found = stepsMs.find((stepMs) => spanMs / stepMs < columnsMax - 1);
  const longest = stepsMs.at(-1) ?? 1;
  return found ?? Math.ceil(spanMs / (columnsMax - 1) / longest) * longest;
}

/** The families told most, in an order that does not change with each event. */
function topOf(totals: ReadonlyMap<string, number>): readonly string[] {
  return [...totals]
    .toSorted(([one, count], [other, more]) => more - count || (one < other ? -1 : 1))
    .slice(0, familiesMax)
    .map(([family]) => family)
    .toSorted();
}
