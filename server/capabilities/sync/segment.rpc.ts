import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Refusal, type Segment } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { verifyingKey } from "@foedus/kernel/signing.ts";
import { isSegmentSigned } from "@foedus/kernel/sync/segment.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { zonesOf } from "./grant.ts";
import { isTrusted, mayWrite } from "./peer.ts";
import type { PeerStore } from "./peer.store.ts";
import { signerOf, verifiedName } from "./segment.ts";

/** Judges what a session brings that another than its own replica wrote. */
export type Segments = ReturnType<typeof openSegments>;

/** What of the hub it takes to judge segments. */
export type SegmentKit = Pick<Hub, "calls" | "config">;

const verifiedMax = 10_000;

/**
 * Why such a push is not taken; UNSPECIFIED when it may be. Of the author nothing is remembered, so
 * that one who was revoked a moment ago is; a signature is checked once.
 */
export function openSegments(hub: SegmentKit, store: PeerStore) {
  const verified = new Set<string>();

  function isSigned(segment: Segment, publicKey: Uint8Array): boolean {
    const name = verifiedName(segment, publicKey);
    if (verified.has(name)) return true;
    const key = verifyingKey(publicKey);
    if (key === undefined || !isSegmentSigned(segment, key)) return false;
    verified.add(name);
    const [oldest] = verified;
    if (verified.size > verifiedMax && oldest !== undefined) verified.delete(oldest);
    return true;
  }

  /** `ownerId` is whose the session is: their other keys need no signature. */
  return async (tenant: TenantId, push: Push, ownerId: string): Promise<Refusal> => {
    const { replica, stream, segments } = push;
    const nodeId = signerOf(tenant, push);
    const known = await store.authorship(tenant, replica, nodeId ?? "");
    if (known.ownerId === ownerId) return Refusal.UNSPECIFIED;
    if (nodeId === undefined || (known.ownerId ?? nodeId) !== nodeId) return Refusal.SIGNATURE;
    const author = await identityOf(hub, tenant, nodeId);
    if (author === undefined || !isTrusted(author)) return Refusal.SIGNATURE;
    if (!segments.every((segment) => isSigned(segment, author.identityKey))) {
      return Refusal.SIGNATURE;
    }
    if (!mayWrite(author)) return Refusal.READ_ONLY;
    const zones = zonesOf(hub.config().zones, known.grant);
    if (!zones.includes(stream?.zone ?? "")) return Refusal.ZONE;
    // Its author may never have come: then the key is theirs from now on.
    const owner = known.ownerId ?? (await store.claim(tenant, replica, nodeId));
    return owner === nodeId ? Refusal.UNSPECIFIED : Refusal.SIGNATURE;
  };
}

async function identityOf(
  hub: SegmentKit,
  tenant: TenantId,
  nodeId: string,
): Promise<Identity | undefined> {
  const identities = hub.calls.as(IdentityService, insideCaller("sync", tenant));
  const { identities: found } = await identities.listIdentities({ nodeIds: [nodeId] });
  return found[0];
}
