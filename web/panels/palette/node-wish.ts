/** What leads on from a node. */
export const relations = ["events", "links", "trust"] as const;
export type Relation = (typeof relations)[number];

/** What of a node is wanted, and which. */
export interface NodeWish {
  readonly name: string;
  /** Undefined for the node itself. */
  readonly relation: Relation | undefined;
}

/** Reads "events of server" as people type it. */
export function nodeWish(typed: string): NodeWish {
  const said = /^\s*(event|link|trust)s?\s+(?:(?:of|in)\s+)?(\S.*)$/iu.exec(typed);
  const [, word = "", name = ""] = said ?? [];
  const relation = relations.find((each) => each.startsWith(word.toLowerCase()));
  return said === null ? { name: typed, relation: undefined } : { name, relation };
}
