import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { caHashOf, parseInvitation } from "@foedus/kernel/invitation.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { FoedusError } from "@foedus/sdk/error.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import { hasJoined } from "@foedus/sdk/membership/membership.ts";
import { folderStore } from "@foedus/sdk/store/folder.ts";
import type { Hub } from "../runtime/capability.ts";
import type { Standing } from "./standing.ts";

/**
 * Becomes a node of the parent, or finds that it is one already. Waits for an admin, for days if
 * need be.
 *
 * @throws FoedusError PARENT_IS_ITSELF, and what joining throws
 */
export async function enter(
  hub: Hub,
  folder: string,
  standing: Standing,
  signal: AbortSignal,
): Promise<void> {
  const { parent, parentName } = hub.config();
  await refuseItself(hub, parent);
  standing.joining();
  const joined = await hasJoined(folderStore(folder));
  const token = joined ? undefined : await readToken(hub.config().parentTokenFile);
  // A token may name the node; whoever comes with an invitation alone names itself.
  const name = parentName || (token === undefined ? nameOf(hub.identity.trustDomain) : "");
  await joinHub({
    invitation: parent,
    folder,
    world: hub.world,
    signal,
    name,
    ...(token === undefined ? {} : { token }),
    waiting: ({ waiting }) => standing.decided(waiting),
  });
}

/** Whoever is vouched for by our own root is this hub, or another process over its database. */
async function refuseItself(hub: Hub, parent: string): Promise<void> {
  const identities = hub.calls.as(IdentityService, insideCaller("uplink", hubTenant));
  const { bundle } = await identities.getTrustBundle({});
  const caHash = parseInvitation(parent)?.caHash;
  const own = (bundle?.roots ?? []).map((der) => {
    const spki = new X509Certificate(der).publicKey.export({ type: "spki", format: "der" });
    return caHashOf(new Uint8Array(spki));
  });
  if (caHash !== undefined && own.includes(caHash)) {
    throw new FoedusError(Reason.PARENT_IS_ITSELF, { parent });
  }
}

/** Undefined when none is named: then the parent's admin decides. */
async function readToken(file: string): Promise<string | undefined> {
  if (file === "") return undefined;
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new FoedusError(Reason.FILE_UNUSABLE, { file, detail }, { cause });
  }
}

/** "foedus.local" -> "foedus-local". */
function nameOf(trustDomain: string): string {
  return trustDomain.replaceAll(/[^a-z0-9]+/g, "-").slice(0, nameLengthMax);
}

const nameLengthMax = 60;
