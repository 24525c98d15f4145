import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { bad, dim, good, unknown, warn, type Piece } from "../paint.ts";
import { sizeText } from "../words/bytes.ts";
import { tripText } from "../words/span.ts";

/** Whether the hub holds a connection of the node now. */
export function standingOf({ live, connections }: Link): Piece {
  if (!live) return bad("away");
  return connections === 1 ? good("live") : good(`live, ${connections} connections`);
}

/** The node's breaker, as it told last. */
export function breakerOf({ breaker }: Link): Piece {
  if (breaker === BreakerState.CLOSED) return good("closed");
  if (breaker === BreakerState.OPEN) return bad("open");
  return breaker === BreakerState.HALF_OPEN ? warn("half open") : unknown;
}

/** "120 sent, 118 received". */
export function messagesOf({ counts }: Link): Piece {
  if (counts === undefined) return unknown;
  return `${counts.messagesSent} sent, ${counts.messagesReceived} received`;
}

/** "1.2 MiB sent, 340 KiB received". */
export function bytesOf({ counts }: Link): Piece {
  if (counts === undefined) return unknown;
  const { bytesSent, bytesReceived } = counts;
  return `${sizeText(Number(bytesSent))} sent, ${sizeText(Number(bytesReceived))} received`;
}

/** Calls that failed for the link's sake. */
export function errorsOf({ counts }: Link): Piece {
  if (counts === undefined) return unknown;
  const { errors, consecutiveFailures } = counts;
  if (errors === 0n) return dim("none");
  return consecutiveFailures === 0
    ? String(errors)
    : warn(`${errors}, the last ${consecutiveFailures} in a row`);
}

/** The mean round trip, and where it goes. */
export function tripsOf({ roundTripMeanUs, roundTripTrendUs }: Link): Piece {
  if (roundTripMeanUs === undefined) return unknown;
  const mean = tripText(Number(roundTripMeanUs));
  if (roundTripTrendUs === undefined || roundTripTrendUs === 0n) return mean;
  const slower = roundTripTrendUs > 0n;
  const trend = tripText(Math.abs(Number(roundTripTrendUs)));
  return `${mean}, ${trend} ${slower ? "slower" : "faster"} than before`;
}
