import { sha256 } from "@foedus/kernel/digest.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { keepLocalSession } from "./session.files.ts";
import { insertLink } from "./link.store.ts";
import { newOwner, newSession, ownerId } from "./person.ts";
import { sessionMs, type PersonKit } from "./person.rpc.ts";
import { ensureOperator } from "./person.store.ts";
import { linkAddress, newLinkCode, newSessionSecret } from "./secret.ts";

/** Makes sure that the tenant has its owner. */
export async function ensureOwner(hub: Hub, tenant: TenantId): Promise<void> {
  await hub.storage.tenant(tenant, async (tx) => ensureOperator(tx, newOwner(tx.nowMs)));
}

/**
 * Gives whoever may read the data folder a session of the owner, for the command line. A restart
 * replaces it; the one before is over then.
 */
export async function openLocalSession(kit: PersonKit, tenant: TenantId): Promise<void> {
  const { hub, sessions } = kit;
  const secret = newSessionSecret(hub.world);
  const id = newId("ses", hub.world);
  const session = newSession(id, ownerId, sessionMs(hub), hub.storage.nowMs());
  await sessions.replaceLocal(tenant, hub.identity.hubId, session, sha256(secret));
  keepLocalSession(hub.config().data, hub.status().webAddress, secret);
}

/** What the operator reads when nobody is signed in: a link that signs one browser in. */
export async function ownersLink(kit: PersonKit, tenant: TenantId): Promise<string[]> {
  const { hub, sessions } = kit;
  if (await sessions.anybody(tenant)) return [];
  const code = newLinkCode(hub.world);
  const address = linkAddress(hub.status().webAddress, code);
  const link = { id: newId("link", hub.world), personId: ownerId, codeHash: sha256(code), address };
  await hub.storage.tenant(tenant, (tx) => insertLink(tx, link));
  return [`Sign in (once, within 15 minutes): ${address}`];
}
