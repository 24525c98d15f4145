import { Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Dot, Op } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Item } from "@foedus/kernel/sync/log.ts";
import { dotOfEntry } from "@foedus/kernel/sync/mark.ts";
import { keyOf, opOf } from "@foedus/kernel/sync/op.ts";

/** The rows that a commit may read or write. */
export interface Wanted {
  readonly replicas: ReadonlySet<string>;
  /** Keys of cells. */
  readonly cells: ReadonlySet<string>;
}

/** What a snapshot's adoption reads is another matter. */
export type Plain = Exclude<Item, { type: "adopt" }>;

/** Gathers the rows that items touch, before any is decided. */
export function wantedBy(items: readonly Plain[]): Wanted {
  const [replicas, cells] = [new Set<string>(), new Set<string>()];
  const want = (dot: Dot, bytes: Uint8Array) => {
    replicas.add(dot.replica);
    const op = readOp(bytes);
    if (op === undefined) return;
    cells.add(keyOf(dot, bytes));
    for (const { replica } of op.supersedes) replicas.add(replica);
  };
  for (const item of items) {
    if (item.type === "push") {
      const { replica, ctrFrom, ops } = item.push;
      replicas.add(replica);
      for (const [at, bytes] of ops.entries()) want(dotOf(replica, ctrFrom + at), bytes);
      continue;
    }
    for (const entry of item.entries) {
      const dot = dotOfEntry(entry);
      if (entry.slot === Slot.EFFECT) want(dot, entry.op);
      else replicas.add(dot.replica);
    }
  }
  return { replicas, cells };
}

/** What is no op is refused later, in its place. */
function readOp(bytes: Uint8Array): Op | undefined {
  try {
    return opOf(bytes);
  } catch {
    return undefined;
  }
}
