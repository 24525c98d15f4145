import { Kind, Refusal, Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Entry, Op } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "./cell.ts";
import { sameDot } from "./dot.ts";
import type { Limits } from "./limits.ts";
import {
  amountMax,
  bodyBytesMax,
  nameUnitsMax,
  opOf,
  replicaUnitsMax,
  sumMax,
  supersedesMax,
} from "./op.ts";

/**
 * Why a hub does not take an op. Only the hub that stamps it asks; what has a stamp is taken by all
 * others, or they would differ for ever.
 */
export function refusalOf(bytes: Uint8Array, limits: Limits, nowMs: number): Refusal {
  if (bytes.length > limits.opBytesMax) return Refusal.TOO_LARGE;
  const op = readOp(bytes);
  if (op === undefined) return Refusal.MALFORMED;
  if (op.body.length > bodyBytesMax) return Refusal.TOO_LARGE;
  if (Kind[op.kind] === undefined || op.kind === Kind.UNSPECIFIED) return Refusal.KIND_UNKNOWN;
  if (op.record.length > nameUnitsMax || op.field.length > nameUnitsMax) return Refusal.TOO_LARGE;
  if (op.supersedes.length > supersedesMax || !isAmount(op)) return Refusal.MALFORMED;
  if (!isNamed(op)) return Refusal.MALFORMED;
  if (!(op.hlcMs <= nowMs + limits.aheadMsMax)) return Refusal.CLOCK_AHEAD;
  return Refusal.UNSPECIFIED;
}

/**
 * Why another hub's entry has no place in any log: what no hub would have stamped, and what stops
 * the commit of all that came with it. Undefined for one that has.
 */
export function flawOf({ stamp, dot, slot, op: bytes }: Entry, limits: Limits): string | undefined {
  if (stamp === undefined || dot === undefined) return "without a name";
  if (!isReplica(stamp.hub, stamp.ctr) || !isReplica(dot.replica, dot.ctr))
    return "with no fair name";
  if (slot !== Slot.EFFECT) return undefined;
  if (bytes.length > limits.opBytesMax) return "holds too large an op";
  const op = readOp(bytes);
  if (op === undefined) return "holds no op";
  const isLong = op.record.length > nameUnitsMax || op.field.length > nameUnitsMax;
  if (isLong || !isNamed(op)) return "names no fair field";
  return isAmount(op) ? undefined : "adds no fair amount";
}

/** Whether somebody may write under that name: no table and no other hub has room for another. */
export function isReplicaKey(name: string): boolean {
  return name !== "" && name.length <= replicaUnitsMax && isFit(name);
}

/** Why an op does not fit what its field holds. */
export function clashOf(op: Op, cell: Cell | undefined, limits: Limits): Refusal {
  if (cell === undefined) return Refusal.UNSPECIFIED;
  if (!fits(op.kind, cell)) return Refusal.KIND_CLASH;
  if (op.kind === Kind.COUNTER) return clashOfSum(op, cell);
  const stay = cell.siblings.filter(
    (each) => !op.supersedes.some((dot) => sameDot(dot, dotIn(each))),
  );
  const adds = op.kind !== Kind.MAXREG && !op.removes;
  const many = adds && stay.length >= limits.siblingsMax;
  return many ? Refusal.SIBLINGS_MAX : Refusal.UNSPECIFIED;
}

/** One that is too far may still come back. */
function clashOfSum({ amount }: Op, { sum }: Cell): Refusal {
  const next = sum + BigInt(amount);
  const isTooFar = next > 0n ? next > sumMax && amount > 0 : next < -sumMax && amount < 0;
  return isTooFar ? Refusal.SUM_MAX : Refusal.UNSPECIFIED;
}

/** A cell's key joins record and field by a zero, and a snapshot's last part goes up to U+FFFF. */
function isFit(name: string): boolean {
  return !name.includes("\u0000") && !name.includes("\uffff");
}

function isNamed({ record, field, supersedes }: Op): boolean {
  if (!isFit(record) || !isFit(field)) return false;
  return supersedes.every(({ replica, ctr }) => isReplica(replica, ctr));
}

/** Whether it names a write, or a stamp. */
function isReplica(name: string, ctr: number): boolean {
  return isReplicaKey(name) && ctr > 0;
}

function readOp(bytes: Uint8Array): Op | undefined {
  try {
    return opOf(bytes);
  } catch {
    return undefined;
  }
}

function isAmount({ kind, amount }: Op): boolean {
  if (kind === Kind.COUNTER) return Number.isInteger(amount) && Math.abs(amount) <= amountMax;
  return Number.isFinite(amount);
}

function fits(kind: Kind, { siblings, sum, max }: Cell): boolean {
  const [first] = siblings;
  if (first !== undefined && opOf(first.op).kind !== kind) return false;
  if (sum !== 0n && kind !== Kind.COUNTER) return false;
  return max === undefined || kind === Kind.MAXREG;
}
