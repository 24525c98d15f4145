import { Refusal, type Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Patch, Quarantined } from "@foedus/kernel/sync/hold.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import type { Replica } from "./replica.ts";

/**
 * Writes of a patch that a hub refused because this machine's clock was ahead when they were made,
 * and that it would take now that the hub's time is known.
 */
export function earlyIn(replica: Replica, { quarantined = [] }: Patch): readonly Quarantined[] {
  return quarantined.filter((each) => {
    const isOwn = each.replica === replica.state.replica && each.taken !== true;
    const isEarly = isOwn && each.refusal === Refusal.CLOCK_AHEAD;
    return isEarly && opOf(each.bytes).hlcMs > replica.now();
  });
}

/** What was written again, and as which op: later writes supersede that instead. */
const anew = new WeakMap<Replica, Map<string, Dot>>();

/** Nobody has them yet, so they are written once more; the first ones are shown no more. */
export function writeAgain(replica: Replica, key: string, early: readonly Quarantined[]): void {
  if (replica.signal.aborted) return;
  const hold = replica.hold(key);
  const { stream, quarantine } = hold;
  const again = anew.get(replica) ?? new Map<string, Dot>();
  anew.set(replica, again);
  const standing = (dot: Dot) => {
    return quarantine.has(dotKey(dot)) ? (again.get(`${key} ${dotKey(dot)}`) ?? []) : dot;
  };
  for (const { replica: author, ctr, bytes } of early) {
    const name = dotKey(dotOf(author, ctr));
    const known = quarantine.get(name);
    if (known === undefined || known.taken === true) continue;
    const { $typeName: _name, hlcMs: _hlcMs, supersedes, ...wish } = opOf(bytes);
    const seen = supersedes.flatMap(standing);
    replica.step({ type: "write", stream, wish: { ...wish, supersedes: seen } });
    again.set(`${key} ${name}`, dotOf(author, hold.ctr));
    replica.patch({ key, quarantined: [{ ...known, taken: true }] });
  }
}
