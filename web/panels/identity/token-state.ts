import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";

/** What became of a token. */
export type TokenState = "open" | "used" | "cancelled" | "lapsed";

/** Judged by the hub's clock. */
export function tokenState(token: JoinToken, hubNowMs: number): TokenState {
  if (token.cancelled) return "cancelled";
  if (token.endTime !== undefined) return "used";
  const lapsed = token.expireTime !== undefined && timestampMs(token.expireTime) <= hubNowMs;
  return lapsed ? "lapsed" : "open";
}
