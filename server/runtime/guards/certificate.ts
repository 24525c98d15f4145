import type { NodeCaller, PeerCaller } from "@foedus/kernel/caller.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Running } from "../capability.ts";
import type { Peer } from "../listen/peer.ts";
import { domainOf, type Trust } from "../listen/trust.ts";

/** Who a certificate is, whichever domain it is of. */
export type ByCertificate = (peer: Peer) => NodeCaller | PeerCaller;

/**
 * Tells callers apart by their certificates: first that the domain they name vouches for them, then
 * by whoever knows the domain. Undefined while nobody knows any.
 */
export function byCertificate(
  running: readonly Running[],
  trust: Trust,
  ownDomain: string,
): ByCertificate | undefined {
  const node = running.find((one) => one.authenticateNode !== undefined)?.authenticateNode;
  const hub = running.find((one) => one.authenticatePeer !== undefined)?.authenticatePeer;
  if (node === undefined) return undefined;
  return (peer) => {
    trust.require(peer);
    const trustDomain = domainOf(peer) ?? ownDomain;
    if (trustDomain === ownDomain) return node(peer);
    if (hub === undefined) throw new Fault(Reason.PEER_NOT_TRUSTED, { trust_domain: trustDomain });
    return hub(peer);
  };
}
