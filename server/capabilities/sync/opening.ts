import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Open } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { zonesOf } from "./grant.ts";

/**
 * What the parent is called in the log's leases, whichever hub it is: what the one before has, the
 * next one has or is sent, and no lease stays behind that nobody renews.
 */
export const parentName = "parent";

/** The protocol that this hub speaks; the first. */
export const protocol = 1;

/** @throws Fault SYNC_PROTOCOL_UNKNOWN when the two have none in common. */
export function agreeOnProtocol({ protocolMin: min, protocolMax: max }: Open): number {
  if (min <= protocol && protocol <= max) return protocol;
  throw new Fault(Reason.SYNC_PROTOCOL_UNKNOWN, { own: protocol, min, max });
}

/** Whose sessions and replicas they are: the node's, the agent's or the person's. */
export function ownerOf(caller: Caller): string {
  if (caller.kind === "node") return caller.nodeId;
  return caller.kind === "person" ? caller.personId : caller.id;
}

/** Whether a caller may write at all. */
export function mayWrite({ role }: Caller): boolean {
  return role >= Role.MEMBER;
}

/** What a caller may do in a session. */
export interface Leave {
  readonly zones: readonly string[];
  readonly writes: boolean;
}

/**
 * Where the caller stands, and whether it may write and relay.
 *
 * @throws Fault SYNC_RELAY_NOT_GRANTED
 */
export function leaveOf(
  caller: Caller,
  open: Pick<Open, "relays" | "zones">,
  grant: Grant | undefined,
  hubZones: readonly string[],
): Leave {
  const writes = mayWrite(caller);
  const granted = zonesOf(hubZones, grant);
  if (!open.relays) return { zones: granted, writes };
  if (grant?.relays !== true) {
    throw new Fault(Reason.SYNC_RELAY_NOT_GRANTED, { node: ownerOf(caller) });
  }
  return { zones: granted.filter((zone) => open.zones.includes(zone)), writes };
}
