import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Pattern, Query, Term } from "./query.ts";
import { noneWord, queryKey, type WordKey } from "./query-keys.ts";
import { valueFits, valuesOf } from "./query-match.ts";
import { nearestWord } from "./query-near.ts";

/**
 * Leaves out values that no node tells, and says so: somebody who is still typing, or who mistyped,
 * keeps seeing the map instead of nothing.
 */
export function knownQuery(query: Query, nodes: readonly Node[]): Query {
  const troubles = [...query.troubles];
  const terms = query.terms.flatMap((term): Term[] => {
    if (term.of !== "value" || queryKey(term.key)?.known) return [term];
    const patterns = term.patterns.filter((pattern) => {
      const isKnown = nodes.some((node) => valueFits(node, term.key, pattern));
      if (!isKnown) troubles.push(unknownValue(term.key, pattern, nodes));
      return isKnown;
    });
    return patterns.length === 0 ? [] : [{ ...term, patterns }];
  });
  return { terms, troubles };
}

/** All values that nodes tell for a key, each once. */
export function knownValues(nodes: Iterable<Node>, key: WordKey): ReadonlySet<string> {
  const values = new Set<string>();
  for (const node of nodes) for (const value of valuesOf(node, key)) values.add(value);
  return values;
}

function unknownValue(key: WordKey, { word, begins }: Pattern, nodes: readonly Node[]): string {
  if (word === noneWord) return `Every node tells its ${key}.`;
  if (begins) return `No ${key} begins with ${word}; this is left out.`;
  const near = nearestWord(word, knownValues(nodes, key));
  return `No node has the ${key} ${word}; ${near ? `did you mean ${near}?` : "this is left out."}`;
}
