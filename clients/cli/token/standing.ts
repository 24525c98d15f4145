import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { dim, good, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";

/** What became of a token, or how long it still admits. */
export function tokenStanding(token: JoinToken, nowMs: number): Piece {
  const { endTime, expireTime, cancelled, nodeId } = token;
  if (endTime !== undefined) {
    const when = agoText(timestampMs(endTime), nowMs);
    return dim(cancelled ? `cancelled ${when}` : `used ${when} by ${nodeId}`);
  }
  if (expireTime === undefined) return unknown;
  const endMs = timestampMs(expireTime);
  if (endMs <= nowMs) return dim(`lapsed ${agoText(endMs, nowMs)}`);
  return good(`open, ends ${agoText(endMs, nowMs)}`);
}
