/** Search parameters are plain words, so that people can read and write addresses. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Leaves out what is not set. */
export function stringifySearch(search: Record<string, unknown>): string {
  const set = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  if (set.length === 0) return "";
  // Commas and colons are harmless in a query, and lists and questions read better with them.
  const text = new URLSearchParams(set).toString();
  return `?${text.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

/** Picks the known parameters of a route. */
export function picker<Key extends string>(...keys: readonly Key[]) {
  return (search: Record<string, unknown>): { [K in Key]?: string } => {
    const picked: { [K in Key]?: string } = {};
    for (const key of keys) {
      const value = search[key];
      if (typeof value === "string" && value !== "") picked[key] = value;
    }
    return picked;
  };
}

/** A list in one parameter. */
export function listIn(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(",").filter(Boolean);
}

/** The one of few words that a parameter is; undefined where it is none of them. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  value: string | undefined,
): Word | undefined {
  return words.find((each) => each === value);
}

/** The list with one word more, or one less; undefined when it becomes empty. */
export function toggled(value: string | undefined, word: string): string | undefined {
  const list = listIn(value);
  const next = list.includes(word) ? list.filter((each) => each !== word) : [...list, word];
  return next.length === 0 ? undefined : next.join(",");
}
