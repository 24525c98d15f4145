// Everybody who may stand before a method.
import { Audience, Role, RoleSchema } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type {
  AgentCaller,
  Caller,
  NodeCaller,
  PeerCaller,
  PersonCaller,
} from "@foedus/kernel/caller.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { hubSpiffe, nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";

/** A caller, and how it is called in a test's name. */
export interface Standing {
  readonly label: string;
  readonly caller: Caller;
}

/** The tenant whose objects are asked for. */
export const home = tenantProved("main");
/** A tenant that has none of them. */
export const elsewhere = tenantProved("elsewhere");

const roles = [Role.OBSERVER, Role.MEMBER, Role.ADMIN];
const hour = 3_600_000;

/** A node caller as the authenticate guard makes it from a certificate. */
export function nodeCaller(
  tenant: TenantId,
  nodeId: string,
  role: Role,
  nowMs: number,
): NodeCaller {
  return {
    kind: "node",
    audience: Audience.NODE,
    tenant,
    role,
    id: nodeSpiffe("foedus.local", tenant, nodeId),
    nodeId,
    certificateSerial: "01",
    certificateExpireMs: nowMs + hour,
  };
}

/** An agent caller as the authenticate guard makes it from a token. */
export function agentCaller(
  tenant: TenantId,
  nodeId: string,
  role: Role,
  nowMs: number,
): AgentCaller {
  return {
    kind: "agent",
    audience: Audience.AGENT,
    tenant,
    role,
    id: `${nodeSpiffe("foedus.local", tenant, nodeId)}/agent/scout`,
    nodeId,
    agent: "scout",
    tokenId: "agt_1",
    tokenExpireMs: nowMs + hour,
  };
}

/** A peer's hub as the authenticate guard makes it from a certificate. */
export function peerCaller(tenant: TenantId): PeerCaller {
  const trustDomain = "peer.test";
  const who = { tenant, id: hubSpiffe(trustDomain, "hub_1"), trustDomain };
  return { kind: "peer", audience: Audience.HUB, role: Role.OBSERVER, ...who };
}

/** A person caller as the authenticate guard makes it from a session. */
export function personCaller(tenant: TenantId, role: Role): PersonCaller {
  const personId = `p-${roleWord(role)}`;
  return {
    kind: "person",
    audience: Audience.PERSON,
    tenant,
    role,
    id: `person/${personId}`,
    personId,
    sessionId: `s-${personId}`,
    operator: false,
  };
}

/** Every role of every audience: at home, of another node, and in another tenant. */
export function everybody(nodeId: string, otherNodeId: string, nowMs: number): Standing[] {
  const strangers: Standing[] = (["joiner", "visitor"] as const).map((kind) => ({
    label: `a ${kind}`,
    caller: stranger(kind, "127.0.0.1"),
  }));
  const known = roles.flatMap((role): Standing[] => [
    { label: `person with role ${roleWord(role)}`, caller: personCaller(home, role) },
    {
      label: `person with role ${roleWord(role)}, elsewhere`,
      caller: personCaller(elsewhere, role),
    },
    {
      label: `the node itself, with role ${roleWord(role)}`,
      caller: nodeCaller(home, nodeId, role, nowMs),
    },
    {
      label: `another node, with role ${roleWord(role)}`,
      caller: nodeCaller(home, otherNodeId, role, nowMs),
    },
    {
      label: `an agent with role ${roleWord(role)}`,
      caller: agentCaller(home, nodeId, role, nowMs),
    },
    {
      label: `an agent with role ${roleWord(role)}, elsewhere`,
      caller: agentCaller(elsewhere, otherNodeId, role, nowMs),
    },
    {
      label: `a node with role ${roleWord(role)}, elsewhere`,
      caller: nodeCaller(elsewhere, otherNodeId, role, nowMs),
    },
  ]);
  const operators: Standing[] = roles.map((role) => ({
    label: `an operator with role ${roleWord(role)}`,
    caller: { ...personCaller(home, role), operator: true },
  }));
  const peers: Standing[] = [
    { label: "a peer's hub", caller: peerCaller(home) },
    { label: "a peer's hub, elsewhere", caller: peerCaller(elsewhere) },
  ];
  return [...known, ...operators, ...peers, ...strangers];
}

function roleWord(role: Role): string {
  return RoleSchema.value[role]?.localName.toLowerCase() ?? "nobody";
}
