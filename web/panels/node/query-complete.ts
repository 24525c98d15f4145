import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { isSpanKey, noneWord, type QueryKey, queryKey, queryKeys } from "./query-keys.ts";
import { knownValues } from "./query-known.ts";
import { quoted, tokensOf } from "./query-tokens.ts";

/** A way to go on with what is written. */
export interface Completion {
  /** What is put in. */
  readonly word: string;
  readonly hint: string;
  /** The whole text afterwards, and where the cursor stands. */
  readonly text: string;
  readonly caret: number;
}

/** Few enough to be read at a glance. */
const completionsMax = 8;

const spanWords = ["<5m", ">1h", "never"];
const tripWords = [">50ms", "<5ms", "never"];

/** Ways to go on from where the cursor stands. */
export function completionsOf(text: string, caret: number, nodes: readonly Node[]): Completion[] {
  const token = tokensOf(text.slice(0, caret)).at(-1);
  if (token === undefined || token.end < caret) {
    return offers(text.slice(0, caret), caret, text, keyWords(""));
  }
  const sign = /^[-!]/u.test(token.text) ? token.text.charAt(0) : "";
  const start = token.start + sign.length;
  if (token.key === undefined) {
    const begun = token.text.slice(sign.length).toLowerCase();
    const words = [...keyWords(begun), ...valueWords(begun, nodes)];
    return offers(text.slice(0, start), caret, text, words);
  }
  const known = queryKey(token.key);
  if (known === undefined) return [];
  const listed = token.text.endsWith(",") || token.text.endsWith(":");
  const begun = listed ? "" : (token.values.at(-1) ?? "").toLowerCase();
  const before = listed ? token.values : token.values.slice(0, -1);
  const head = `${text.slice(0, start)}${known.key}:${before.map((each) => `${quoted(each)},`).join("")}`;
  const words = wordsOf(known, nodes)
    .filter((each) => each.startsWith(begun) && each !== begun && !before.includes(each))
    .map((each) => ({ word: quoted(each), hint: "" }));
  return offers(head, caret, text, words);
}

interface Word {
  readonly word: string;
  readonly hint: string;
}

function offers(head: string, caret: number, text: string, words: readonly Word[]): Completion[] {
  return words.slice(0, completionsMax).map(({ word, hint }) => {
    // A finished condition is followed by a blank, so that the next one can be typed at once.
    const put = head + word + (word.endsWith(":") ? "" : " ");
    return { word, hint, text: put + text.slice(caret).trimStart(), caret: put.length };
  });
}

function keyWords(begun: string): Word[] {
  return queryKeys.flatMap(({ key, also, meaning }) =>
    key.startsWith(begun) || also?.startsWith(begun) ? [{ word: `${key}:`, hint: meaning }] : [],
  );
}

const offeredKeys = ["state", "project", "env", "team", "domain", "tag"] as const;

/** Somebody who types "prod" probably means the environment that begins so. */
function valueWords(begun: string, nodes: readonly Node[]): Word[] {
  return offeredKeys.flatMap((key) => {
    const known = queryKey(key)?.known ?? [...knownValues(nodes, key)];
    const fitting = known.filter((each) => each.startsWith(begun)).toSorted();
    return fitting.map((each) => ({ word: `${key}:${quoted(each)}`, hint: "" }));
  });
}

function wordsOf({ key, known }: QueryKey, nodes: readonly Node[]): readonly string[] {
  if (isSpanKey(key)) return key === "seen" ? spanWords : tripWords;
  return known ?? [...[...knownValues(nodes, key)].toSorted(), noneWord];
}
