// Two hubs of different roots, and certificates that neither should accept.
import { readFileSync } from "node:fs";
import type { JsonGeneralName } from "@peculiar/x509";
import { ConnectError, createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { formatInvitation } from "@foedus/kernel/invitation.ts";
import { elsewhere, home, personCaller } from "../access/callers.ts";
import type { Authority } from "../../server/capabilities/identity/authority.ts";
import { authorityFromPem } from "../../server/capabilities/identity/authority.ts";
import { authorityFile } from "../../server/capabilities/identity/recovery.ts";
import type { Capability } from "../../server/runtime/capability.ts";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";
import { startLocalHub, type LocalHub } from "./hub.local.ts";
import { newRequestId } from "./joiner.ts";
import { mint, shown, type Flaw } from "./leaf.ts";
import { transportWith } from "./wire.ts";

/** A hub with a root of its own, and what its operator may do. */
export interface PeerHub {
  readonly local: LocalHub;
  readonly domain: string;
  readonly authority: Authority;
  readonly invitation: string;
  readonly nodeAddress: string;
  /** Its root as PEM, for whoever calls it. */
  readonly roots: readonly string[];
  /** Another tenant of it. */
  readonly elsewhere: TenantId;
  /** A client of it that speaks as its operator. */
  operator(): ReturnType<typeof operatorOf>;
}

const rates = {
  join_rate: "100000",
  control_rate: "100000",
  stream_rate: "100000",
  publish_rate: "1000000",
};

/** Starts a hub of a trust domain. */
export async function startPeerHub(
  domain: string,
  capabilities: readonly Capability[],
  again?: LocalHub,
): Promise<PeerHub> {
  const values = { ...rates, trust_domain: domain };
  const local = await startLocalHub({ values, capabilities, ...(again ? { again } : {}) });
  // Until somebody was told the recovery code, another start would make another root.
  await local.running.greeting();
  const authority = await authorityFromPem(readFileSync(authorityFile(local.data), "utf8"));
  const { joinAddress, nodeAddress } = local.running.status();
  const [host = "", port = ""] = joinAddress.split(":");
  const where = { host, port: Number(port), tenant: "main" };
  const invitation = formatInvitation({ ...where, caHash: authority.caHash });
  const roots = [authority.root.toString("pem")];
  const hub = { local, domain, authority, invitation, nodeAddress, roots, elsewhere };
  return { ...hub, operator: () => operatorOf(local) };
}

function operatorOf(local: LocalHub) {
  return local.hub.calls.as(LinkService, operator);
}

/** Who may trust other hubs. */
export const operator: PersonCaller = { ...personCaller(home, Role.ADMIN), operator: true };

/** Lets one hub trust another one, as an operator would. */
export async function trusts(
  hub: PeerHub,
  other: PeerHub,
  wish: { readonly tell?: string[]; readonly take?: string[]; readonly call?: boolean } = {},
): Promise<Peer> {
  const { peer } = await hub.operator().addPeer({
    requestId: newRequestId(),
    invitation: other.invitation,
    nodeAddress: wish.call === true ? other.nodeAddress : "",
    toldTypes: wish.tell ?? [],
    takenTypes: wish.take ?? [],
  });
  if (peer === undefined) throw new Error("the answer holds no peer");
  return peer;
}

/** Ends that trust. */
export async function removes(hub: PeerHub, trustDomain: string): Promise<void> {
  await hub.operator().removePeer({ requestId: newRequestId(), trustDomain, reason: "a test" });
}

/** What an authority's own hub would show, or anything else it might sign. */
export async function certificateOf(
  authority: Authority,
  spiffeId: string,
  flaw: Flaw = {},
): Promise<TlsMaterial> {
  const names: JsonGeneralName[] = [{ type: "url", value: spiffeId }];
  const leaf = await mint(authority.issuer, "peer", { names, ...flaw });
  const above = [authority.issuer.certificate, authority.root];
  return { ...(await shown(leaf, above)), roots: [] };
}

/** "let in", or why not: by a call that no peer has a right to unless it is let in. */
export async function knock(hub: PeerHub, material: TlsMaterial): Promise<string> {
  const client = createClient(
    EventService,
    transportWith(`https://${hub.nodeAddress}`, { ...material, roots: hub.roots }, "connect"),
  );
  try {
    await client.publishForeign({ batch });
    return "let in";
  } catch (error) {
    const { rawMessage } = ConnectError.from(error);
    return rawMessage;
  }
}

const batch = {
  events: [Uint8Array.of(1)],
  keyId: new Uint8Array(8),
  signature: new Uint8Array(64),
};
