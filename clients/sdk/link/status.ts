import type { MessageInitShape } from "@bufbuild/protobuf";
import type { LinkCountsSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type { NodeKit } from "./kit.ts";
import type { Link } from "./link.ts";

/** What both ends of a link agreed on, and what passed since the node was opened. */
export interface LinkStatus {
  /** The newest protocol both speak; undefined before the first connection. */
  readonly protocol: number | undefined;
  /** What both can do. */
  readonly capabilities: readonly string[];
  /** Whether calls pass, fail at once, or one of them tries. */
  readonly breaker: "closed" | "open" | "half open";
  readonly counts: MessageInitShape<typeof LinkCountsSchema>;
  /** Of the last 64 heartbeats. */
  readonly roundTripMeanMs: number | undefined;
  /** By how much the later half of them was slower than the earlier. */
  readonly roundTripTrendMs: number | undefined;
}

/** How the link of an open node is. */
export function linkStatus({ meter }: NodeKit, link: Link): LinkStatus {
  const { protocol, capabilities = [] } = link.terms() ?? {};
  const { trips, breaker } = meter;
  return {
    protocol,
    capabilities,
    breaker: breakerWord(breaker.state),
    counts: meter.counts(),
    roundTripMeanMs: trips.meanMs,
    roundTripTrendMs: trips.trendMs,
  };
}

function breakerWord(state: BreakerState): LinkStatus["breaker"] {
  if (state === BreakerState.OPEN) return "open";
  return state === BreakerState.HALF_OPEN ? "half open" : "closed";
}
