import { defaultFilter } from "cmdk";
import { clip } from "../../parts/measure.ts";

/** What can be found by words. */
interface Findable {
  readonly name: string;
  readonly words?: readonly string[];
}

/** The best of a list, and how many were found. */
export interface Ranked<Item> {
  readonly best: readonly Item[];
  readonly found: number;
  /** How well the first one fits; 0 where nothing was found. */
  readonly score: number;
}

/** Nobody finds a thing by the rest of its name. */
const lengthMax = 80;

/** The items that fit what was typed, best first; all of them where nothing was. */
export function rank<Item extends Findable>(
  items: readonly Item[],
  typed: string,
  shownMax: number,
): Ranked<Item> {
  const wish = clip(typed.trim(), lengthMax);
  if (wish === "") return { best: items.slice(0, shownMax), found: items.length, score: 1 };
  const letters = plain(wish);
  const scored = items
    .map((item) => ({ item, score: scoreOf(item, wish, letters) }))
    .filter(({ score }) => score > 0);
  scored.sort((one, other) => other.score - one.score);
  const best = scored.slice(0, shownMax).map(({ item }) => item);
  return { best, found: scored.length, score: scored[0]?.score ?? 0 };
}

/** cmdk's own score, for those only that have all the letters in their order: it is not cheap. */
function scoreOf({ name, words = [] }: Findable, wish: string, letters: string): number {
  const text = clip(name, lengthMax);
  if (!hasLetters(plain([text, ...words].join(" ")), letters)) return 0;
  return defaultFilter(text, wish, [...words]);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[\s-]/gu, " ");
}

function hasLetters(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
