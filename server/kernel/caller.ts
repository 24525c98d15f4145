import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { TenantId } from "./tenant.ts";
import { hubTenant } from "./tenant.ts";

/** A process that proved a node's identity with its certificate. */
export interface NodeCaller {
  readonly kind: "node";
  readonly audience: typeof Audience.NODE;
  readonly tenant: TenantId;
  readonly role: Role;
  /** Its SPIFFE id: who the answers of its requests are kept for. */
  readonly id: string;
  readonly nodeId: string;
  /** The serial (hex) and the end of the certificate it came with, in milliseconds since 1970. */
  readonly certificateSerial: string;
  readonly certificateExpireMs: number;
}

/** Somebody with a session. */
export interface PersonCaller {
  readonly kind: "person";
  readonly audience: typeof Audience.PERSON;
  readonly tenant: TenantId;
  readonly role: Role;
  /** `person/<id>`. */
  readonly id: string;
  readonly personId: string;
  readonly sessionId: string;
  /** Whether it manages the hub's tenants and peers. */
  readonly operator: boolean;
}

/** A short-lived agent with a token, over the connection of the node that it acts through. */
export interface AgentCaller {
  readonly kind: "agent";
  readonly audience: typeof Audience.AGENT;
  readonly tenant: TenantId;
  readonly role: Role;
  /** Its SPIFFE id. */
  readonly id: string;
  readonly nodeId: string;
  readonly agent: string;
  /** The token's own id (jti), and its end, in milliseconds since 1970. */
  readonly tokenId: string;
  readonly tokenExpireMs: number;
}

/** A hub of another trust domain, by its own certificate. */
export interface PeerCaller {
  readonly kind: "peer";
  readonly audience: typeof Audience.HUB;
  /** The tenant of this hub that trusts it. */
  readonly tenant: TenantId;
  readonly role: typeof Role.OBSERVER;
  /** Its SPIFFE id. */
  readonly id: string;
  readonly trustDomain: string;
}

/** Nobody yet: a process on the join listener, or a browser that has not signed in. */
export interface StrangerCaller {
  readonly kind: "joiner" | "visitor";
  readonly audience: typeof Audience.JOINER | typeof Audience.VISITOR;
  /** The tenant that the hub's own row of it would belong to. */
  readonly tenant: TenantId;
  readonly role: typeof Role.UNSPECIFIED;
  /** `joiner/<address>` or `visitor/<address>`. */
  readonly id: string;
}

/** A loop or a capability of this hub, asking another one. */
export interface InsideCaller {
  readonly kind: "inside";
  readonly audience: typeof Audience.INSIDE;
  readonly tenant: TenantId;
  readonly role: typeof Role.ADMIN;
  /** `svc/<noun>`. */
  readonly id: string;
}

/** Whoever stands behind a call. */
export type Caller =
  | NodeCaller
  | AgentCaller
  | PersonCaller
  | PeerCaller
  | StrangerCaller
  | InsideCaller;

/** The caller of a loop or a flow of this hub. */
export function insideCaller(noun: string, tenant: TenantId): InsideCaller {
  return { kind: "inside", audience: Audience.INSIDE, tenant, role: Role.ADMIN, id: `svc/${noun}` };
}

/** The caller before anybody proved anything. */
export function stranger(kind: "joiner" | "visitor", address: string): StrangerCaller {
  const audience = kind === "joiner" ? Audience.JOINER : Audience.VISITOR;
  return { kind, audience, tenant: hubTenant, role: Role.UNSPECIFIED, id: `${kind}/${address}` };
}
