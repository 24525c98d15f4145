import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { heldCtr, type Hold, type Patch } from "@foedus/kernel/sync/hold.ts";
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
