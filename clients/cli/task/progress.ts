import type { Said } from "@foedus/sdk/task/work.ts";

const shape = /^foedus:progress(?:\s+(?<first>\S+)(?:\s+(?<rest>\S.*))?)?\s*$/u;
const figure = /^(?:0|1|0?\.\d+|0\.|1\.0*)$/u;

/**
 * How far a command says it has come: "foedus:progress 0.5 reading", a part of 1 and words, either
 * of them alone, too. Undefined for any other line.
 */
export function progressIn(line: string): Said | undefined {
  const groups = shape.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { first = "", rest = "" } = groups;
  if (figure.test(first)) return { fraction: Number(first), message: rest.trim() };
  return { message: `${first} ${rest}`.trim() };
}
