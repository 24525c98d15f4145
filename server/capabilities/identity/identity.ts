import { create } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  IdentityEnrolledSchema,
  IdentityRevokedSchema,
} from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { Leaf } from "./certificate.ts";
import { refuseQuarantined } from "./quarantine.ts";

const dayMs = 86_400_000;

/** Who joins: what the token grants, and what the joiner brings. */
export interface Joiner {
  readonly nodeId: string;
  readonly name: string;
  readonly spiffeId: string;
  readonly identityKey: Uint8Array;
}

/** What lets somebody in: a token, or an invitation where the tenant's access allows. */
export interface Grant {
  readonly role: Role;
  /** Empty for an invitation. */
  readonly tokenId: string;
  /** Whether an admin consented, by a token or an approval. */
  readonly vouched: boolean;
}

/** A grant becomes an identity with its first certificate. */
export function enroll(
  { role, tokenId, vouched }: Grant,
  joiner: Joiner,
  leaf: Leaf,
  nowMs: number,
): Change<Identity> {
  const next = create(IdentitySchema, {
    ...joiner,
    role,
    vouched,
    enrollTime: timestampFromMs(nowMs),
    ...certificateOf(leaf),
  });
  return {
    next,
    facts: [fact(IdentityEnrolledSchema, next.nodeId, { identity: next, tokenId })],
  };
}

/** The next certificate of an identity that is still trusted. */
export function renew(identity: Identity, leaf: Leaf): Change<Identity> {
  refuseOut(identity);
  return { next: { ...identity, ...certificateOf(leaf) }, facts: [] };
}

/** Takes back a node whose certificate lapsed, unless it was revoked or away for too long. */
export function reenter(
  identity: Identity,
  leaf: Leaf,
  reentryDays: number,
  nowMs: number,
): Change<Identity> {
  refuseOut(identity);
  const endMs = certificateEndMs(identity);
  if (nowMs > endMs + reentryDays * dayMs) {
    const facts = { node_id: identity.nodeId, time: utcText(endMs), days: reentryDays };
    throw new Fault(Reason.REENTRY_EXPIRED, facts);
  }
  return renew(identity, leaf);
}

/** Ends an identity for good. One that was ended before stays as it is. */
export function revoke(identity: Identity, why: string, nowMs: number): Change<Identity> {
  if (identity.revokeTime !== undefined) return { next: identity, facts: [] };
  const next = {
    ...identity,
    revokeTime: timestampFromMs(nowMs),
    revokeReason: why,
    revision: identity.revision + 1n,
  };
  return { next, facts: [fact(IdentityRevokedSchema, next.nodeId, { identity: next })] };
}

/** The end of the newest certificate, in milliseconds since 1970. */
export function certificateEndMs({ certificateExpireTime }: Identity): number {
  return certificateExpireTime === undefined ? 0 : timestampMs(certificateExpireTime);
}

/** @throws Fault NODE_REVOKED or NODE_QUARANTINED. */
export function refuseOut(identity: Identity): void {
  refuseRevoked(identity);
  refuseQuarantined(identity);
}

/** Whether its calls are refused, for good or for now. */
export function isOut({ revokeTime, quarantineTime }: Identity): boolean {
  return revokeTime !== undefined || quarantineTime !== undefined;
}

function refuseRevoked({ nodeId, revokeTime, revokeReason }: Identity): void {
  if (revokeTime === undefined) return;
  const facts = { node_id: nodeId, time: utcText(timestampMs(revokeTime)), why: revokeReason };
  throw new Fault(Reason.NODE_REVOKED, facts);
}

function certificateOf({ serial, expireMs }: Leaf) {
  return { certificateSerial: serial, certificateExpireTime: timestampFromMs(expireMs) };
}
