/** Keys whose values are words. */
export type WordKey =
  | "name"
  | "project"
  | "tag"
  | "state"
  | "role"
  | "env"
  | "team"
  | "domain"
  | "version"
  | "software"
  | "kind";

/** Keys whose values are spans of time. */
export type SpanKey = "seen" | "trip" | "skew";

/** One thing to ask for. */
export interface QueryKey {
  readonly key: WordKey | SpanKey;
  /** What people may also call it. */
  readonly also?: string;
  /** All values there are; missing where nodes choose them. */
  readonly known?: readonly string[];
  readonly meaning: string;
  readonly example: string;
}

const states = ["online", "degraded", "offline", "maintenance", "retired"];
const roles = ["observer", "member", "admin"];
const kinds = ["instance", "hub"];

/** The one list that parsing, completion and the page of help are made from. */
export const queryKeys: readonly QueryKey[] = [
  { key: "name", meaning: "what the node is called", example: "name:shop-*" },
  { key: "project", meaning: "the project it speaks for", example: "project:shop,bank" },
  { key: "tag", meaning: "one of its tags", example: 'tag:"web shop"' },
  { key: "state", known: states, meaning: "how it stands", example: "state:offline,degraded" },
  { key: "role", known: roles, meaning: "its role here", example: "-role:observer" },
  { key: "env", also: "environment", meaning: "where it runs", example: "env:production" },
  { key: "team", meaning: "who answers for it", example: "team:none" },
  { key: "domain", meaning: "its part of the business", example: "domain:payments" },
  { key: "version", meaning: "the version of what it runs", example: "version:1.4*" },
  { key: "software", meaning: "the program it is", example: "software:foedus-instance*" },
  { key: "kind", known: kinds, meaning: "what it is", example: "kind:hub" },
  {
    key: "seen",
    meaning: "how long ago it was last seen; also seen:<5m and seen:never",
    example: "seen:>1h",
  },
  { key: "trip", meaning: "the round trip it measured", example: "trip:>50ms" },
  { key: "skew", meaning: "how far its clock is off", example: "skew:>100ms" },
];

/** Finds a key by what people call it. */
export function queryKey(word: string): QueryKey | undefined {
  const lower = word.toLowerCase();
  return queryKeys.find(({ key, also }) => key === lower || also === lower);
}

/** Whether the values of a key are spans. */
export function isSpanKey(key: WordKey | SpanKey): key is SpanKey {
  return key === "seen" || key === "trip" || key === "skew";
}

/** The value of those who told none. */
export const noneWord = "none";
