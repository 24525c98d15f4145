import { createClient } from "@connectrpc/connect";
import type { TrustBundle } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ChainRefused, followChain, holdsAt, pinnedRoots } from "@foedus/kernel/chain.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Hub } from "../../runtime/capability.ts";
import { dialHub } from "../../runtime/dial.ts";

/** Where a bundle is read, and how to tell that it is the right hub's. */
export interface BundleSource {
  readonly joinAddress: string;
  readonly caHash: string;
  /** The roots that are trusted already; undefined when only the hash is known. */
  readonly roots?: readonly Uint8Array[] | undefined;
}

/**
 * Reads a hub's bundle from its join listener, which must show a chain to the root of the hash, or
 * to one of the roots that are trusted already.
 *
 * @throws Fault PEER_UNREACHABLE or PEER_BUNDLE_REFUSED.
 */
export async function readBundle(
  { storage, world }: Pick<Hub, "storage" | "world">,
  { joinAddress: address, caHash, roots }: BundleSource,
  signal: AbortSignal,
): Promise<TrustBundle | undefined> {
  let domain = "";
  const inspect = (presented: Uint8Array[]) => {
    const chain = followChain(presented, roots ?? pinnedRoots(presented, caHash));
    if (!holdsAt(chain, storage.nowMs()))
      throw new ChainRefused("its certificates do not hold now");
    domain = chain.trustDomain;
  };
  try {
    using dialled = await dialHub({ address, inspect, world, signal });
    const client = createClient(IdentityService, dialled.transport);
    const { bundle } = await client.getTrustBundle({}, { signal });
    if (bundle !== undefined && bundle.trustDomain !== domain) {
      throw new ChainRefused(`it is of ${bundle.trustDomain}, and a hub of ${domain} answered`);
    }
    return bundle;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const reason =
      cause instanceof ChainRefused ? Reason.PEER_BUNDLE_REFUSED : Reason.PEER_UNREACHABLE;
    throw new Fault(reason, { address, detail }, { cause });
  }
}
