import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { base64url } from "@foedus/kernel/bytes.ts";
import type { AgentCaller, NodeCaller } from "@foedus/kernel/caller.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** The longest an agent's token lives. */
export const agentTokenMsMax = 300_000;

/** What an agent's token says (RFC 7519; the layout of RFC 9068, bound as in RFC 7800). */
export interface AgentClaims {
  /** The hub that issued it, by SPIFFE id. */
  readonly iss: string;
  /** The agent, by SPIFFE id. */
  readonly sub: string;
  /** The trust domain, as spiffe://<domain>. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly role: number;
  /** The thumbprint (RFC 7638) of the identity key of the node it acts through. */
  readonly cnf: { readonly jkt: string };
}

/** Who issues tokens, and for which domain. */
export interface AgentIssuer {
  readonly spiffeId: string;
  readonly trustDomain: string;
}

/** What a node wishes for one of its agents. */
export interface AgentWish {
  readonly agent: string;
  readonly role: Role;
  readonly lifetimeMs: number;
}

/** spiffe://<domain>/tenant/<tenant>/node/<node>/agent/<agent>. */
export function agentSpiffe(nodeSpiffeId: string, agent: string): string {
  return `${nodeSpiffeId}/agent/${agent}`;
}

/** The thumbprint of an Ed25519 key as a JWK (RFC 7638, RFC 8037). */
export function thumbprintOf(publicKey: Uint8Array): string {
  const jwk = `{"crv":"Ed25519","kty":"OKP","x":"${base64url(publicKey)}"}`;
  return base64url(sha256(jwk));
}

/** What the token of a node's agent will say: at most what the node may, for five minutes. */
export function claimsFor(
  issuer: AgentIssuer,
  node: NodeCaller,
  wish: AgentWish,
  made: { readonly jti: string; readonly jkt: string; readonly nowMs: number },
): AgentClaims {
  const role = wish.role === Role.UNSPECIFIED ? Role.OBSERVER : wish.role;
  if (role > node.role) {
    throw new Fault(Reason.AGENT_ROLE_TOO_HIGH, { agent: wish.agent, node: node.nodeId });
  }
  const iat = Math.floor(made.nowMs / secondMs);
  // Whole seconds: what is left over would end it at once.
  const lifetime = Math.max(1, Math.floor((wish.lifetimeMs || agentTokenMsMax) / secondMs));
  return {
    iss: issuer.spiffeId,
    sub: agentSpiffe(node.id, wish.agent),
    aud: audienceOf(issuer),
    iat,
    exp: iat + lifetime,
    jti: made.jti,
    role,
    cnf: { jkt: made.jkt },
  };
}

/**
 * The caller that a token makes over the connection of a node.
 *
 * @throws Fault AGENT_TOKEN_INVALID, AGENT_TOKEN_EXPIRED
 */
export function agentOf(
  payload: unknown,
  issuer: AgentIssuer,
  node: NodeCaller & { readonly jkt: string },
  nowMs: number,
): AgentCaller {
  const claims = claimsIn(payload);
  if (claims === undefined) throw invalid("its claims are not those of an agent's token");
  if (claims.iss !== issuer.spiffeId) throw invalid("another hub issued it: ask this one for one");
  if (claims.aud !== audienceOf(issuer)) throw invalid("it is meant for another trust domain");
  if (claims.cnf.jkt !== node.jkt) throw invalid("it is bound to the key of another node");
  const agent = agentIn(claims.sub, node.id);
  if (agent === undefined) throw invalid("its agent belongs to another node");
  if (claims.exp - claims.iat > agentTokenMsMax / secondMs) throw invalid("it lives too long");
  if (claims.iat * secondMs > nowMs + secondMs) throw invalid("it comes from the future");
  const tokenExpireMs = claims.exp * secondMs;
  requireUnexpired(tokenExpireMs, nowMs);
  return {
    kind: "agent",
    audience: Audience.AGENT,
    tenant: node.tenant,
    // A node that lost rights takes them from its agents as well.
    role: Math.min(claims.role, node.role),
    id: claims.sub,
    nodeId: node.nodeId,
    agent,
    tokenId: claims.jti,
    tokenExpireMs,
  };
}

/** @throws Fault AGENT_TOKEN_EXPIRED from the very millisecond of its end on */
export function requireUnexpired(expireMs: number, nowMs: number): void {
  if (nowMs < expireMs) return;
  throw new Fault(Reason.AGENT_TOKEN_EXPIRED, { time: utcText(expireMs) });
}

/** A token that proves nothing, and why. */
export function invalid(detail: string): Fault {
  return new Fault(Reason.AGENT_TOKEN_INVALID, { detail });
}

const secondMs = 1_000;
const agentShape = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function audienceOf({ trustDomain }: AgentIssuer): string {
  return `spiffe://${trustDomain}`;
}

function agentIn(sub: string, nodeId: string): string | undefined {
  const start = agentSpiffe(nodeId, "");
  const agent = sub.slice(start.length);
  return sub.startsWith(start) && agentShape.test(agent) ? agent : undefined;
}

/** Reads the claims strictly: each is there, of its type, and none is beside them. */
function claimsIn(payload: unknown): AgentClaims | undefined {
  if (!isRecord(payload) || Object.keys(payload).length !== claimCount) return undefined;
  const { iss, sub, aud, iat, exp, jti, role, cnf } = payload;
  const texts = [iss, sub, aud, jti].every((one) => typeof one === "string" && one !== "");
  const times = [iat, exp].every((one) => Number.isSafeInteger(one));
  const bound = isRecord(cnf) && Object.keys(cnf).length === 1 && typeof cnf["jkt"] === "string";
  const roles = [Role.OBSERVER, Role.MEMBER, Role.ADMIN].some((one) => one === role);
  return texts && times && bound && roles ? (payload as unknown as AgentClaims) : undefined;
}

const claimCount = 8;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
