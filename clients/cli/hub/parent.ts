import type { Uplink } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { bad, good, warn, type Piece } from "../paint.ts";
import { agoText, tripText } from "../words/span.ts";

type Pair = readonly [string, Piece];

/** How a hub stands with its parent, and what it waits for. */
export function parentOf({ parent, state, nodeId, roundTripUs, waiting }: Uplink, nowMs: number) {
  const trip = roundTripUs === undefined ? "" : `, ${tripText(Number(roundTripUs))} away`;
  const pairs: Pair[] = [
    ["Parent", parent],
    ["Uplink", state === UplinkState.CONNECTED ? good(`connected${trip}`) : stateWord(state)],
  ];
  if (nodeId !== "") pairs.push(["Node there", nodeId]);
  if (waiting === undefined) return pairs;
  const { waitingFor, whoCanEndIt, sinceMs, command } = waiting;
  return [
    ...pairs,
    ["Waits for", `${waitingFor} (${agoText(Number(sinceMs), nowMs)})`] as const,
    ["Ended by", whoCanEndIt] as const,
    ["To end it", command] as const,
  ];
}

function stateWord(state: UplinkState): Piece {
  if (state === UplinkState.REFUSED) return bad("refused");
  if (state === UplinkState.AWAY) return bad("away");
  return warn(state === UplinkState.WAITING ? "waiting for an admin" : "joining");
}
