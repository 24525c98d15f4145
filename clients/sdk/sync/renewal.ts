import type { Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { heldCtr, type Carriage, type Hold, type Patch } from "@foedus/kernel/sync/hold.ts";
import { hybridAfter } from "@foedus/kernel/sync/hybrid.ts";
import { encodeOp, opOf } from "@foedus/kernel/sync/op.ts";
import { issuedMs } from "@foedus/kernel/sync/replica.ts";
import { isSettled } from "./settled.ts";

const dayMs = 86_400_000;
/** A key is replaced as soon as nothing hangs on it any more. */
const renewMs = 7 * dayMs;
/** Hubs refuse a key that is older than 30 days: before that it is enough that one has all. */
const lastMs = 21 * dayMs;

/** Whether a replica may go on under a new key: all it wrote under the old one was answered for. */
export function isRenewable(
  replica: string,
  holds: ReadonlyMap<string, Hold>,
  nowMs: number,
): boolean {
  const ageMs = nowMs - issuedMs(replica);
  if (!(ageMs > renewMs)) return false;
  const level = ageMs > lastMs ? "hub" : "parent";
  return [...holds.values()].every((hold) => {
    return isHeld(hold, replica) && isSettled(hold, replica, hold.ctr, level);
  });
}

/** What still lies on top of the cells would lie there for ever, were it let go. */
function isHeld(hold: Hold, replica: string): boolean {
  let at = heldCtr(hold, replica);
  while (at < hold.ctr && hold.quarantine.has(dotKey(dotOf(replica, at + 1)))) at += 1;
  return at >= hold.ctr;
}

/** What changes with the key: its counters begin again, and what was sent under it is let go. */
export function renewed(replica: string, key: string, { ctr, ops }: Hold): Patch {
  const dropped: string[] = [];
  for (let each = ctr; each > 0; each--) {
    const name = dotKey(dotOf(replica, each));
    if (ops.has(name)) dropped.push(name);
  }
  return { key, ctr: 0, ackedCtr: 0, settledCtr: 0, dropped };
}

/** From which key to which, and when. */
export interface Turn {
  readonly old: string;
  readonly next: string;
  readonly nowMs: number;
}

/**
 * What changes with a key that is lost: what no hub is known to have is written again under the
 * next. All is said at once, so that whoever looks at it looks at all of it again.
 */
export function rewritten({ old, next, nowMs }: Turn, key: string, hold: Hold): Patch {
  const again = new Map<string, Dot>();
  const ops: Carriage[] = [];
  let { hlcMs } = hold;
  for (let each = hold.ackedCtr + 1; each <= hold.ctr; each++) {
    const name = dotKey(dotOf(old, each));
    const op = hold.ops.get(name);
    if (op === undefined || hold.quarantine.has(name)) continue;
    hlcMs = hybridAfter(hlcMs, nowMs);
    const { $typeName: _name, supersedes: before, ...said } = opOf(op.bytes);
    const supersedes = before.map((dot) => again.get(dotKey(dot)) ?? dot);
    const ctr = ops.length + 1;
    again.set(name, dotOf(next, ctr));
    ops.push({ replica: next, ctr, bytes: encodeOp({ ...said, supersedes, hlcMs }) });
  }
  const swap = { cells: new Map(hold.cells), marks: new Map(hold.marks) };
  return { ...renewed(old, key, hold), swap, ctr: ops.length, hlcMs, ops };
}
