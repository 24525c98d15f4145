import type { Row } from "./log.ts";

/** The next older (1) or newer (-1) event beside one; the newest or oldest where none is open. */
export function stepFrom(
  rows: readonly Row[],
  selected: bigint | undefined,
  step: 1 | -1,
): bigint | undefined {
  const facts = rows.filter((row) => row.case === "fact");
  if (selected === undefined) return facts.at(step === 1 ? -1 : 0)?.cursor;
  return step === 1
    ? facts.findLast(({ cursor }) => cursor < selected)?.cursor
    : facts.find(({ cursor }) => cursor > selected)?.cursor;
}
