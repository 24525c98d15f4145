import { nearestWord } from "./query-near.ts";
import {
  isSpanKey,
  noneWord,
  queryKey,
  queryKeys,
  type SpanKey,
  type WordKey,
} from "./query-keys.ts";
import { type Span, spanIn } from "./query-span.ts";
import { quoted, type Token, foldedTokens } from "./query-tokens.ts";

/** A word that is looked for; `begins` where only its beginning was told. */
export interface Pattern {
  readonly word: string;
  readonly begins: boolean;
}

/** One condition; of its values any may hold. */
export type Term = { readonly negated: boolean } & (
  | { readonly of: "text"; readonly pattern: Pattern }
  | { readonly of: "value"; readonly key: WordKey; readonly patterns: readonly Pattern[] }
  | { readonly of: "span"; readonly key: SpanKey; readonly spans: readonly Span[] }
);

/** What was asked, and what of it was not understood. */
export interface Query {
  readonly terms: readonly Term[];
  readonly troubles: readonly string[];
}

/** Reads a question; what is not understood is told, and is no condition. */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  const troubles: string[] = [];
  for (const token of foldedTokens(text)) {
    if (token.text === "OR") {
      troubles.push("Instead of OR, write the values with commas: state:offline,degraded.");
    } else if (token.text !== "AND") {
      const read = termOf(token);
      if (read.term) terms.push(read.term);
      troubles.push(...read.troubles);
    }
  }
  return { terms, troubles };
}

/** Whether the answer changes by time alone. */
export function isTimed({ terms }: Query): boolean {
  return terms.some((term) => term.of === "span" && term.key === "seen");
}

interface Read {
  readonly term?: Term;
  readonly troubles: readonly string[];
}

function termOf(token: Token): Read {
  const { key: word, values, negated } = token;
  if (word === undefined) return textTerm(token);
  const known = queryKey(word);
  if (known === undefined) return { troubles: [noKey(word, token.text)] };
  if (values.length === 0) {
    return { troubles: [`What of ${known.key}? For example ${known.example}.`] };
  }
  if (isSpanKey(known.key)) return spanTerm(known.key, values, negated);
  return valueTerm(known.key, values, negated, known.known);
}

function textTerm({ values, negated, quoted: isQuoted }: Token): Read {
  const word = values.join(",").toLowerCase();
  const pattern = isQuoted ? { word, begins: false } : patternOf(word);
  if (pattern === undefined) return { troubles: [starred(word)] };
  if (pattern.word === "") return { troubles: [] };
  return { term: { of: "text", pattern, negated }, troubles: [] };
}

function valueTerm(
  key: WordKey,
  values: readonly string[],
  negated: boolean,
  known: readonly string[] | undefined,
): Read {
  const troubles: string[] = [];
  const patterns = values.flatMap((value) => {
    const pattern = patternOf(value.toLowerCase());
    if (pattern === undefined) troubles.push(starred(value));
    else if (known && !isKnown(pattern, known)) troubles.push(noValue(key, value, known));
    else return [pattern];
    return [];
  });
  if (patterns.length === 0) return { troubles };
  return { term: { of: "value", key, patterns, negated }, troubles };
}

function spanTerm(key: SpanKey, values: readonly string[], negated: boolean): Read {
  const troubles: string[] = [];
  const spans = values.flatMap((value) => {
    const span = spanIn(value.toLowerCase());
    if (span !== undefined) return [span];
    const examples = key === "seen" ? "seen:<5m, seen:>1h or seen:never" : `${key}:>50ms`;
    troubles.push(`${key}:${value} is no span of time; write ${examples}.`);
    return [];
  });
  return spans.length === 0
    ? { troubles }
    : { term: { of: "span", key, spans, negated }, troubles };
}

/** A star stands at the end, or the word has no meaning. */
function patternOf(word: string): Pattern | undefined {
  const begins = word.endsWith("*");
  const stem = begins ? word.slice(0, -1) : word;
  return stem.includes("*") ? undefined : { word: stem, begins };
}

function isKnown({ word, begins }: Pattern, known: readonly string[]): boolean {
  return known.some((each) => (begins ? each.startsWith(word) : each === word));
}

function starred(word: string): string {
  return `${word}: a star stands only at the end, as in shop-*; quote the word to look for a star.`;
}

function noKey(word: string, text: string): string {
  const names = queryKeys.flatMap(({ key, also }) => (also ? [key, also] : [key]));
  const near = nearestWord(word.toLowerCase(), names);
  const mend = near ? `did you mean ${near}?` : `to look for the words, write ${quoted(text)}.`;
  return `There is no key ${word}; ${mend}`;
}

function noValue(key: WordKey, value: string, known: readonly string[]): string {
  const near = nearestWord(value.toLowerCase(), known);
  const mend = near ? `did you mean ${near}?` : `there are ${known.join(", ")}.`;
  return `There is no ${key} ${value}; ${mend}`;
}

/** What a question says of one key: these, and not those. */
export interface Wanted {
  readonly only: readonly string[];
  readonly not: readonly string[];
}

/** Reads what is wanted of a key, for those who offer its values to be clicked. */
export function wantedOf(text: string, key: WordKey): Wanted {
  const own = foldedTokens(text).filter((token) => isOf(token, key));
  const values = (negated: boolean) =>
    own.filter((token) => token.negated === negated).flatMap((token) => token.values);
  return { only: values(false), not: values(true) };
}

/** Writes what is wanted of a key into the question; everything else in it stays. */
export function withWanted(text: string, key: WordKey, { only, not }: Wanted): string {
  const rest = foldedTokens(text).flatMap((token) => (isOf(token, key) ? [] : [token.text]));
  const list = (values: readonly string[]) => values.map(quoted).join(",");
  if (only.length > 0) rest.push(`${key}:${list(only)}`);
  if (not.length > 0) rest.push(`-${key}:${list(not)}`);
  return rest.join(" ");
}

function isOf(token: Token, key: WordKey): boolean {
  return token.key !== undefined && queryKey(token.key)?.key === key;
}

/** The word for a value in a question: those who told none have one too. */
export function valueWord(value: string): string {
  return value === "" ? noneWord : value;
}
