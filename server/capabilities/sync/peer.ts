import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { mayDial, reachOf } from "@foedus/kernel/reach.ts";
import { membershipMs } from "@foedus/kernel/sync/membership.ts";
import type { Said } from "./voucher.ts";

/** How long a node stays listed; it asks again before that. */
export const peerLeaseMs = 600_000;

/** How many peers a node is told of. */
export const peersMax = 64;

/** Whether others may be told of a node, and what it signs be taken from them. */
export function isTrusted({ revokeTime, quarantineTime }: Identity): boolean {
  return revokeTime === undefined && quarantineTime === undefined;
}

/** Whether a node may write at all. */
export function mayWrite({ role }: Identity): boolean {
  return role >= Role.MEMBER;
}

/** Whether two nodes stand in one zone at least: else they have nothing to exchange. */
export function mayMeet(one: readonly string[], other: readonly string[]): boolean {
  return one.some((zone) => other.includes(zone));
}

/** @throws Fault SYNC_PEER_ADDRESS_REFUSED for an address that leads others to themselves. */
export function requireReachable(address: string, isLocal: boolean): void {
  if (address === "" || mayDial(reachOf(address), isLocal)) return;
  const detail = "it leads whoever dials it to itself, or nowhere";
  throw new Fault(Reason.SYNC_PEER_ADDRESS_REFUSED, { address, detail });
}

/** What the hub says of a node to its peers. */
export function membershipOf(
  { nodeId, name, identityKey: publicKey }: Identity,
  rest: {
    readonly tenant: string;
    readonly trustDomain: string;
    readonly zones: readonly string[];
    readonly replicas: readonly string[];
  },
  nowMs: number,
): Said {
  return {
    ...rest,
    zones: [...rest.zones],
    replicas: [...rest.replicas],
    nodeId,
    name,
    publicKey,
    issueTime: timestampFromMs(nowMs),
    expireTime: timestampFromMs(nowMs + membershipMs),
  };
}
