import { type Fact, payloadOf } from "../../parts/fact.ts";
import type { Row } from "./log.ts";
import { lineOf } from "./payload-line.ts";

/** What the hub does not filter, and this page does among the rows it has. */
export interface Narrow {
  /** In small letters; all must be found. */
  readonly words: readonly string[];
  /** Stored from then on. */
  readonly sinceMs: number;
  /** Stored before then. */
  readonly untilMs: number;
}

/** How a node is called, by its SPIFFE id. */
export type Names = ReadonlyMap<string, string>;

/** The words of a line somebody typed. */
export function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/u).filter(Boolean);
}

/** Whether anything is narrowed at all. */
export function isNarrow({ words, sinceMs, untilMs }: Narrow): boolean {
  return words.length > 0 || sinceMs > 0 || untilMs < Number.POSITIVE_INFINITY;
}

/** The rows that are wanted; gaps stay, for nobody knows what was in them. */
export function narrowed(rows: readonly Row[], narrow: Narrow, names: Names): readonly Row[] {
  if (!isNarrow(narrow)) return rows;
  return rows.filter((row) => row.case === "gap" || takes(row.fact, narrow, names));
}

function takes(fact: Fact, { words, sinceMs, untilMs }: Narrow, names: Names): boolean {
  const { receivedMs, event } = fact;
  if (receivedMs < sinceMs || receivedMs >= untilMs) return false;
  if (words.length === 0) return true;
  const name = names.get(event.source)?.toLowerCase() ?? "";
  return words.every((word) => name.includes(word) || textOf(fact).includes(word));
}

const texts = new WeakMap<Fact, string>();

/** What is read of an event: its family, what it is about, the line it is shown as, and in full. */
function textOf(fact: Fact): string {
  const known = texts.get(fact);
  if (known !== undefined) return known;
  const { type, subject, source } = fact.event;
  const payload = payloadOf(fact);
  const said = payload.known ? JSON.stringify(payload.json) : "";
  const own = /\/hub\//u.test(source) ? "hub" : "";
  const text = [type, subject, own, lineOf(type, payload), said].join(" ").toLowerCase();
  texts.set(fact, text);
  return text;
}
