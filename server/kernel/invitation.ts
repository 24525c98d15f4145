import { base64url } from "./bytes.ts";
import { sha256 } from "./digest.ts";

/** Where to join, which tenant, and whom to trust there. */
export interface Invitation {
  readonly host: string;
  readonly port: number;
  readonly tenant: string;
  /** The first 16 bytes of sha256 of the root's SubjectPublicKeyInfo, base64url. */
  readonly caHash: string;
}

/** The parts of a join token: `fjt_<id>.<secret>.<ca-hash>`. */
export interface TokenParts {
  /** `fjt_` and 26 characters; public. */
  readonly id: string;
  /** 32 bytes, base64url. */
  readonly secret: string;
  readonly caHash: string;
}

const invitationShape =
  /^foedus:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})\/([a-z0-9][a-z0-9-]{0,62})#([\w-]{22})$/;
const tokenShape = /^(fjt_[0-9a-z]{26})\.([\w-]{43})\.([\w-]{22})$/;

/** The short hash of a root's SubjectPublicKeyInfo (DER) that invitations and tokens carry. */
export function caHashOf(spki: Uint8Array): string {
  return base64url(sha256(spki).slice(0, 16));
}

/** foedus://host:port/tenant#ca-hash. */
export function formatInvitation(invitation: Invitation): string {
  const { host, port, tenant, caHash } = invitation;
  return `foedus://${host}:${port}/${tenant}#${caHash}`;
}

/** Reads an invitation; undefined when it is none. */
export function parseInvitation(text: string): Invitation | undefined {
  const [, host, port, tenant, caHash] = invitationShape.exec(text.trim()) ?? [];
  if (host === undefined || tenant === undefined || caHash === undefined) return undefined;
  return Number(port) > 65_535 ? undefined : { host, port: Number(port), tenant, caHash };
}

/** fjt_<id>.<secret>.<ca-hash>. */
export function formatToken(parts: TokenParts): string {
  return `${parts.id}.${parts.secret}.${parts.caHash}`;
}

/** Reads a join token; undefined when it is none. */
export function parseToken(text: string): TokenParts | undefined {
  const [, id, secret, caHash] = tokenShape.exec(text.trim()) ?? [];
  if (id === undefined || secret === undefined || caHash === undefined) return undefined;
  return { id, secret, caHash };
}
