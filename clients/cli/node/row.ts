import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { stateName } from "../names.ts";
import { bad, dim, good, unknown, warn, type Piece } from "../paint.ts";
import { agoText, skewText, tripText } from "../words/span.ts";

/** The headings of a list of nodes. */
export const nodeHead = ["NODE", "STATE", "LAST SEEN", "ROUND TRIP", "CLOCK", "PROJECT", "VERSION"];

/** One node of a list. */
export function nodeRow(node: Node, nowMs: number): Piece[] {
  const { name, state, profile } = node;
  return [
    name,
    stateWord(state),
    seenText(node, nowMs),
    tripOf(node),
    skewOf(node),
    profile?.project || unknown,
    profile?.version || unknown,
  ];
}

/** A state, painted as it should be felt. */
export function stateWord(state: NodeState): Piece {
  const word = stateName(state);
  if (state === NodeState.ONLINE) return good(word);
  if (state === NodeState.OFFLINE) return bad(word);
  return state === NodeState.RETIRED ? dim(word) : warn(word);
}

/** When the hub heard of it last. */
export function seenText({ lastSeenTime }: Node, nowMs: number): Piece {
  return lastSeenTime === undefined ? dim("never") : agoText(timestampMs(lastSeenTime), nowMs);
}

/** The round trip it measured. */
export function tripOf({ roundTripUs }: Node): Piece {
  return roundTripUs === undefined ? unknown : tripText(Number(roundTripUs));
}

/** How far its clock is off the hub's. */
export function skewOf({ skewMs }: Node): Piece {
  return skewMs === undefined ? unknown : skewText(Number(skewMs));
}
