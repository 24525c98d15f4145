import { momentWords } from "./moment.ts";
import type { Names } from "./narrow.ts";
import { hubSource } from "./sources.ts";
import type { Change, EventView } from "./view.ts";

/** One thing that is filtered by, and how to stop it. */
export interface Chip {
  readonly word: string;
  readonly remove: Change;
}

/** Takes every filter out of an address. */
export const unfiltered: Change = {
  type: undefined,
  not: undefined,
  source: undefined,
  subject: undefined,
  q: undefined,
  since: undefined,
  until: undefined,
};

/** What the rows are filtered by; nodes go by their names where those are known. */
export function chipsOf(view: EventView, names: Names): readonly Chip[] {
  const { types, except, sources, subject, words, since, until } = view;
  return [
    ...types.map((type) => ({ word: type, remove: { type: without(types, type) } })),
    ...except.map((type) => ({ word: `not ${type}`, remove: { not: without(except, type) } })),
    ...sources.map((id) => ({
      word: `by ${id === hubSource ? "the hub" : (names.get(id) ?? id)}`,
      remove: { source: without(sources, id) },
    })),
    ...(subject === undefined
      ? []
      : [{ word: `about ${names.get(subject) ?? subject}`, remove: { subject: undefined } }]),
    ...(words.trim() === "" ? [] : [{ word: `“${words.trim()}”`, remove: { q: undefined } }]),
    ...(since === undefined
      ? []
      : [{ word: `since ${momentWords(since)}`, remove: { since: undefined } }]),
    ...(until === undefined
      ? []
      : [{ word: `until ${momentWords(until)}`, remove: { until: undefined } }]),
  ];
}

function without(list: readonly string[], word: string): string | undefined {
  return list.filter((each) => each !== word).join(",") || undefined;
}
