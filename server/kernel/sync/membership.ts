import type { KeyObject } from "node:crypto";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  MembershipSchema,
  SignedMembershipSchema,
  type Membership,
  type SignedMembership,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { isSignedFor, signFor, verifyingKey, type SigningKey } from "../signing.ts";
import { utcText } from "../time.ts";

/** How long a membership holds: so long peers go on without their hub, and a revoked one too. */
export const membershipMs = 3_600_000;

/** How far the clocks of two who were told the time by the same hub may lie apart. */
const apartMs = 60_000;

const membershipBytesMax = 4096;

/** Why a membership says nothing here. */
export class MembershipRefused extends Error {
  override readonly name = "MembershipRefused";
}

/** By what a membership is judged. */
export interface MembershipBounds {
  /** Of the hubs of the domain. */
  readonly hubKeys: readonly KeyObject[];
  readonly tenant: string;
  readonly trustDomain: string;
  /** By the hub's clock. */
  readonly nowMs: number;
}

/** A membership that holds: whose it is, and the key that the node signs with. */
export interface Member extends Membership {
  readonly key: KeyObject;
}

/** A hub's word of who a node is. */
export function signMembership(
  key: SigningKey,
  said: MessageInitShape<typeof MembershipSchema>,
): SignedMembership {
  const membership = toBinary(MembershipSchema, create(MembershipSchema, said));
  const signature = signFor("membership", key, membership);
  return create(SignedMembershipSchema, { membership, signature });
}

/**
 * Reads a membership that one of the hubs signed, for this tenant, and that holds now.
 *
 * @throws MembershipRefused
 */
export function requireMember(
  signed: SignedMembership | undefined,
  bounds: MembershipBounds,
): Member {
  if (signed === undefined) throw new MembershipRefused("it shows no membership");
  requireSigned(signed, bounds.hubKeys);
  const membership = read(signed.membership);
  const { tenant, trustDomain } = membership;
  if (trustDomain !== bounds.trustDomain) {
    throw new MembershipRefused(`its membership is of the domain ${trustDomain}`);
  }
  if (tenant !== bounds.tenant) {
    throw new MembershipRefused(`its membership is of the tenant ${tenant}`);
  }
  requireNow(membership, bounds.nowMs);
  const key = verifyingKey(membership.publicKey);
  if (key === undefined || membership.nodeId === "") {
    throw new MembershipRefused("its membership names no node and key");
  }
  return { ...membership, key };
}

function requireSigned(
  { membership, signature }: SignedMembership,
  hubKeys: readonly KeyObject[],
): void {
  const isSigned =
    membership.length <= membershipBytesMax &&
    hubKeys.some((key) => isSignedFor("membership", key, membership, signature));
  if (!isSigned) throw new MembershipRefused("no hub that is known here signed its membership");
}

function requireNow({ issueTime, expireTime }: Membership, nowMs: number): void {
  const issueMs = issueTime === undefined ? Infinity : timestampMs(issueTime);
  const expireMs = expireTime === undefined ? 0 : timestampMs(expireTime);
  if (expireMs <= nowMs) {
    throw new MembershipRefused(`its membership ended at ${utcText(expireMs)}`);
  }
  if (issueMs > nowMs + apartMs) throw new MembershipRefused("its membership begins in the future");
}

function read(bytes: Uint8Array): Membership {
  try {
    return fromBinary(MembershipSchema, bytes);
  } catch (cause) {
    throw new MembershipRefused("its membership cannot be read", { cause });
  }
}
