import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { IconName } from "../../../parts/icon.tsx";
import { trustLook } from "../../learning/health.ts";
import { scoreText } from "../../learning/score.ts";
import { lookOf } from "../state.ts";

/** What a node on the map looks like: by its state, or by how far it is trusted. */
export interface MarkLook {
  readonly word: string;
  /** What many of them are called together; the word itself where that is no score. */
  readonly kind?: string;
  readonly icon: IconName;
  readonly text: string;
  readonly border: string;
  readonly stripe: string;
}

/** Scores by node id; undefined while the colours tell states. */
export type Scores = ReadonlyMap<string, number | undefined> | undefined;

/** What each node looks like, whatever the colours tell. */
export type LookOf = (node: Node) => MarkLook;

const byScore = new Map<string, MarkLook>();

/** The same look for the same score, so that a mark that did not change is not drawn anew. */
export function markLook(node: Node, scores: Scores): MarkLook {
  if (scores === undefined) return lookOf(node.state);
  const score = scores.get(node.id);
  const word = score === undefined ? "Unknown" : scoreText(score);
  const judged = trustLook(score);
  const key = `${word} ${judged.word}`;
  const look = byScore.get(key) ?? { ...judged, word, kind: judged.word };
  byScore.set(key, look);
  return look;
}
