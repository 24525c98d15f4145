import type { Payload } from "../../parts/families.ts";
import { clip, countText, unknown } from "../../parts/measure.ts";
import { outlineOf } from "./payload-rows.ts";

const lineMax = 400;
const valueMax = 80;

/** A payload in one line: what it says to a person, without ids and what it leaves open. */
export function lineOf(type: string, payload: Payload): string {
  if (!payload.known) return `${countText(payload.length)} bytes, ${payload.why}`;
  const { facts, tables } = outlineOf(type, payload.message);
  const said = facts
    .filter(({ text }) => text !== unknown && text !== "none")
    .map(({ name, text }) => ({ name: name.split(", ").at(-1) ?? name, text }))
    .filter(({ name }) => !/(?:^| )id$/u.test(name))
    .map(({ name, text }) => `${name} ${clip(text, valueMax)}`);
  const counted = tables.map(({ name, rows, more }) => `${name} ${countText(rows.length + more)}`);
  return clip([...said, ...counted].join(" · "), lineMax) || "nothing set";
}
