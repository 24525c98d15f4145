import {
  IdentityEnrolledSchema,
  IdentityRevokedSchema,
} from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { keyIdOf, verifyingKey } from "@foedus/kernel/signing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Hearer } from "../../runtime/storage/hear.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import { beyondCalls } from "../../runtime/underway.ts";
import type { Signer } from "./batch.ts";

/** A node that signs events. */
export interface NodeSigner extends Signer {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly revoked: boolean;
}

/** The keys of nodes, remembered until identity tells something new of them. */
export interface Signers {
  /** Undefined for a node that nobody knows. */
  of(tenant: TenantId, nodeId: string): Promise<NodeSigner | undefined>;
  readonly hearer: Hearer;
}

const signersMax = 20_000;

/** Asks identity for keys, once a node. */
export function openSigners(hub: Hub): Signers {
  const known = new Map<string, Promise<NodeSigner | undefined>>();
  const forget = (key: string) => void known.delete(key);
  return {
    of(tenant, nodeId) {
      const key = `${tenant}/${nodeId}`;
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const asked = beyondCalls(() => ask(hub, tenant, nodeId));
      known.set(key, asked);
      // What was not found may come yet, and what failed may work the next time.
      asked.then(
        (signer) => (signer === undefined ? forget(key) : undefined),
        () => forget(key),
      );
      const [oldest] = known.keys();
      if (known.size > signersMax && oldest !== undefined) forget(oldest);
      return asked;
    },
    hearer: {
      log: "outbox",
      kinds: ["identity.enrolled", "identity.revoked"],
      hear: (tenant, entry) => forget(`${tenant}/${identityIn(entry)?.nodeId}`),
      restart: () => known.clear(),
    },
  };
}

async function ask(hub: Hub, tenant: TenantId, nodeId: string): Promise<NodeSigner | undefined> {
  const identities = hub.calls.as(IdentityService, insideCaller("event", tenant));
  const { identities: found } = await identities.listIdentities({ nodeIds: [nodeId] });
  const [identity] = found;
  const key = identity && verifyingKey(identity.identityKey);
  if (identity === undefined || key === undefined) return undefined;
  const { name, spiffeId: source, identityKey: publicKey } = identity;
  const revoked = identity.revokeTime !== undefined;
  return { name, source, publicKey, keyId: keyIdOf(publicKey), key, revoked };
}

function identityIn({ kind, body }: LogEntry): Identity | undefined {
  const revoked = kind === "identity.revoked";
  return fromBody(revoked ? IdentityRevokedSchema : IdentityEnrolledSchema, body).identity;
}
