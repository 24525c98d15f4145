import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { formatInvitation } from "@foedus/kernel/invitation.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Write } from "../../runtime/write.ts";
import { admissionOf, type Host } from "./admission.ts";
import type { Agents } from "./agents.rpc.ts";
import type { Authority } from "./authority.ts";
import { certify } from "./authority.ts";
import type { Leaf } from "./certificate.ts";
import type { Challenges } from "./challenge.ts";
import { keyOfCsr } from "./csr.ts";
import type { DirectoryStore } from "./directory.store.ts";
import type { Admitted, IdentityStore } from "./identity.store.ts";
import type { DomainKeys } from "./signers.rpc.ts";
import type { TokenStore } from "./token.store.ts";
import type { Tries } from "./tries.ts";

/** What the handlers of identity work with. */
export interface IdentityKit {
  readonly hub: Pick<
    Hub,
    "calls" | "config" | "identity" | "processes" | "served" | "status" | "storage" | "world"
  >;
  readonly authority: Authority;
  readonly tokens: TokenStore;
  readonly identities: IdentityStore;
  readonly readNode: DirectoryStore["readNode"];
  readonly challenges: Challenges;
  readonly tries: Tries;
  readonly agents: Agents;
  readonly domainKeys: DomainKeys;
}

/** Signs the certificate that a node asks for, for who the hub knows it to be. */
export async function leafFor(
  { hub, authority }: IdentityKit,
  tenant: TenantId,
  nodeId: string,
  csr: Uint8Array,
): Promise<Leaf> {
  const subject = {
    spiffeId: nodeSpiffe(hub.identity.trustDomain, tenant, nodeId),
    names: [],
    spki: keyOfCsr(csr),
  };
  const lifetimeMs = Number(hub.config().certificateMs);
  return await certify(authority, subject, hub.storage.nowMs(), lifetimeMs, hub.world.random);
}

/** What the node is told once the change is committed. */
export function admitted(
  kit: IdentityKit,
  tenant: TenantId,
  change: Change<Identity>,
  leaf: Leaf,
  nowMs: number,
): Admitted {
  const answer = admissionOf(kit.authority, hostOf(kit, tenant), change.next, leaf, nowMs);
  return { change, leaf, answer };
}

/** foedus://host:port/<tenant>#<ca-hash>. */
export function invitationTo({ hub, authority }: IdentityKit, tenant: TenantId): string {
  const [, host, port] = /^(.+):(\d+)$/.exec(hub.status().joinAddress) ?? [];
  if (host === undefined) throw new Fault(Reason.DRAINING, { retry_ms: 1_000 });
  return formatInvitation({ host, port: Number(port), tenant, caHash: authority.caHash });
}

function hostOf({ hub, domainKeys }: IdentityKit, tenant: TenantId): Host {
  const { trustDomain, spiffeId: hubSpiffeId } = hub.identity;
  const { nodeAddress } = hub.status();
  const nodeAddresses = hub.processes.nodeAddresses();
  const joinAddresses = hub.processes.joinAddresses();
  const signingKeys = domainKeys.known().map(({ publicKey }) => publicKey);
  const addresses = { nodeAddress, nodeAddresses, joinAddresses };
  return { trustDomain, tenant, ...addresses, hubSpiffeId, signingKeys };
}

/** Answers are kept for whoever holds the token or the key, whatever address it asks from. */
export function joinerWrite(write: Write, tenant: TenantId, subject: string): Write {
  return { ...write, caller: { ...write.caller, tenant, id: `joiner/${subject}` } };
}
