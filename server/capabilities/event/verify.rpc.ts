import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { nodeOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { findHubKey } from "./relay.store.ts";
import type { Signers } from "./signer.rpc.ts";
import { sourceOf } from "./verify.ts";

/** The key an event should be signed with, and whose it is. */
export interface EventKey {
  readonly publicKey: Uint8Array;
  /** Empty for a hub. */
  readonly nodeName: string;
}

/** Looks up the key of whoever the event says it is from; undefined when nobody here knows them. */
export async function keyFor(
  hub: Hub,
  signers: Signers,
  tenant: TenantId,
  event: StoredEvent,
): Promise<EventKey | undefined> {
  const source = sourceOf(event);
  const id = parseSpiffe(source);
  const named = id && nodeOfSpiffe(id);
  if (named === undefined) {
    const publicKey = await hub.storage.tenant(tenant, (tx) => findHubKey(tx, event.keyId, source));
    return publicKey && { publicKey, nodeName: "" };
  }
  const signer = await signers.of(tenant, named.nodeId);
  return signer?.source === source
    ? { publicKey: signer.publicKey, nodeName: signer.name }
    : undefined;
}
