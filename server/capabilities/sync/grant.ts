import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { GrantChangedSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { GrantSchema, type Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { SetGrantRequest } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** Where somebody stands: in the hub's zones, or in those of them that an admin granted. */
export function zonesOf(hubZones: readonly string[], grant: Grant | undefined): readonly string[] {
  if (grant === undefined || grant.zones.length === 0) return hubZones;
  return hubZones.filter((zone) => grant.zones.includes(zone));
}

/** Whose grant holds for a caller: an agent stands where its node does, a person has none. */
export function granteeOf(caller: Caller): string | undefined {
  return caller.kind === "node" || caller.kind === "agent" ? caller.nodeId : undefined;
}

/**
 * Says where a node stands and whether it relays; told only when that is otherwise than before.
 *
 * @throws Fault SYNC_ZONE_ELSEWHERE for a zone in which the hub itself does not stand.
 */
export function grant(
  known: Grant | undefined,
  node: Pick<Node, "id" | "name">,
  { zones, relays }: Pick<SetGrantRequest, "zones" | "relays">,
  hubZones: readonly string[],
): Change<Grant> {
  for (const zone of zones) {
    if (hubZones.includes(zone)) continue;
    throw new Fault(Reason.SYNC_ZONE_ELSEWHERE, { zone, zones: hubZones.join(", ") });
  }
  const granted = { nodeId: node.id, node: node.name, zones: zones.toSorted(), relays };
  const next = create(GrantSchema, granted);
  const was = known ?? create(GrantSchema, { nodeId: node.id });
  const same = was.relays === relays && was.zones.join() === next.zones.join();
  return { next, facts: same ? [] : [fact(GrantChangedSchema, node.id, { grant: next })] };
}

/** Whether it is what holds for everybody, so that nothing needs to be kept. */
export function isDefault({ zones, relays }: Grant): boolean {
  return zones.length === 0 && !relays;
}
