import { Refusal, type Segment, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Carried, SignedMembership } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { Carriage } from "@foedus/kernel/sync/hold.ts";
import { refusalOf } from "@foedus/kernel/sync/ingress.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { MembershipRefused, type Member } from "@foedus/kernel/sync/membership.ts";
import { areCovered, headerOf, isSegmentSigned } from "@foedus/kernel/sync/segment.ts";

/** By what is judged what a peer brings. */
export interface IntakeBounds {
  readonly tenant: string;
  /** By the hub's clock. */
  readonly nowMs: number;
  /** Whose membership it is; throws MembershipRefused. */
  memberOf(signed: SignedMembership | undefined): Member;
  /** Zones that are of both. */
  readonly zones: ReadonlySet<string>;
  readonly limits: Limits;
  /** This node's own keys: nobody else tells what they wrote. */
  readonly replica: string;
  readonly nodeId: string;
  /** Whose a replica's key is, as far as anybody here knows. */
  ownerOf(replica: string): string | undefined;
}

/** What was brought, and is true. */
export interface Brought {
  readonly stream: Stream;
  readonly ops: readonly Carriage[];
  readonly author: Member;
}

/** Why what a peer brought is not taken. */
export class CarriedRefused extends Error {
  override readonly name = "CarriedRefused";
}

/**
 * Reads what a peer brings of itself or of others, and relies on nothing but the author's signature
 * and a hub's word for whose that is.
 *
 * @throws CarriedRefused
 */
export function requireCarried(
  { segment, author: signed, ctrFrom, ops }: Carried,
  bounds: IntakeBounds,
): Brought {
  const header = segment && headerOf(segment);
  if (segment === undefined || header === undefined) throw new CarriedRefused("it is no segment");
  const { stream, replica, nodeId } = header;
  if (header.tenant !== bounds.tenant) throw new CarriedRefused("it is another tenant's");
  const author = authorOf(signed, bounds);
  if (author.nodeId !== nodeId) throw new CarriedRefused("its author is not who signed it");
  if (!isSegmentSigned(segment, author.key))
    throw new CarriedRefused("its signature does not hold");
  if (!bounds.zones.has(stream.zone) || !author.zones.includes(stream.zone)) {
    throw new CarriedRefused(`its zone ${stream.zone} is not of all who had it`);
  }
  const isOwn = replica === bounds.replica || nodeId === bounds.nodeId;
  if (isOwn || (bounds.ownerOf(replica) ?? nodeId) !== nodeId) {
    throw new CarriedRefused("its author writes with the key of another");
  }
  if (ops.length === 0 || !areCovered([header], ctrFrom, ops)) {
    throw new CarriedRefused("its ops are not those that were signed");
  }
  return { stream, author, ops: carriagesOf(segment, replica, ctrFrom, ops, bounds) };
}

function authorOf(signed: Carried["author"], bounds: IntakeBounds): Member {
  try {
    return bounds.memberOf(signed);
  } catch (cause) {
    if (!(cause instanceof MembershipRefused)) throw cause;
    throw new CarriedRefused(`of its author: ${cause.message}`, { cause });
  }
}

/** An op that no hub would take would stand in the way of all after it: they wait for the hub. */
function carriagesOf(
  segment: Segment,
  replica: string,
  ctrFrom: number,
  ops: readonly Uint8Array[],
  { limits, nowMs }: IntakeBounds,
): Carriage[] {
  const bad = ops.findIndex((op) => refusalOf(op, limits, nowMs) !== Refusal.UNSPECIFIED);
  const fair = bad < 0 ? ops : ops.slice(0, bad);
  return fair.map((bytes, at) => ({ replica, ctr: ctrFrom + at, bytes, segment }));
}
