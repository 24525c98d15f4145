import { fromBinary } from "@bufbuild/protobuf";
import { TrustAggregateSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, type StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { isHubOf } from "@foedus/kernel/spiffe.ts";

/** Of stored aggregates the cursor of a cycle's own; 0 when it is not there, or only a peer's. */
export function cursorOfCycle(
  aggregates: readonly StoredEvent[],
  cycleId: string,
  trustDomain: string,
): bigint {
  const own = aggregates.find(({ event }) => {
    const { source, payload } = fromBinary(EventSchema, event);
    if (!isHubOf(trustDomain, source)) return false;
    return fromBinary(TrustAggregateSchema, payload).cycleId === cycleId;
  });
  return own?.cursor ?? 0n;
}
