import { admitPush, admitRelay, type Clerk } from "@foedus/kernel/sync/admit.ts";
import type { Result } from "@foedus/kernel/sync/log.ts";
import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Head } from "./head.store.ts";
import { loadRows, type Loaded } from "./rows.store.ts";
import { savingOf } from "./save.store.ts";
import { RowShelf } from "./shelf.ts";
import { wantedBy, type Plain, type Wanted } from "./wanted.ts";

/** What became of items that were carried out. */
export interface Carried {
  readonly results: readonly Result[];
  readonly after: Head;
  readonly appended: readonly Entry[];
}

/** As many ops as a piece may have if one item is not more. */
export const pieceOpsMax = 256;

/** Items in pieces, of at least one each. */
export function piecesOf(items: readonly Plain[]): Plain[][] {
  const pieces: Plain[][] = [];
  let count = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const own = item.type === "push" ? item.push.ops.length : item.entries.length;
    if (count + own > pieceOpsMax) {
      pieces.push([]);
      count = 0;
    }
    count += own;
    pieces.at(-1)?.push(item);
  }
  return pieces;
}

/**
 * Carries out items of a stream whose head is locked, piece by piece: while PostgreSQL writes one,
 * the next is decided. What a piece changed is seen by the next in memory, saved or not; rows of
 * the first may be given.
 */
export async function carry(
  tx: TenantTx,
  head: Head,
  clerk: Clerk,
  pieces: readonly (readonly Plain[])[],
  first: Loaded | undefined,
): Promise<Carried> {
  const shelf = new RowShelf(head, new Map(), new Map());
  const load = async (wanted: Wanted) => {
    const lacked = shelf.lacked(wanted);
    if (lacked.cells.size + lacked.replicas.size > 0) shelf.fill(await loadRows(tx, head, lacked));
  };
  if (first === undefined) await load(wantedBy(pieces[0] ?? []));
  else shelf.fill(first);
  const results: Result[] = [];
  const appended: Entry[] = [];
  let saving = Promise.resolve();
  for (const [at, piece] of pieces.entries()) {
    results.push(...piece.map((item) => take(shelf, clerk, item)));
    const next = pieces[at + 1];
    const wanted = next && wantedBy(next);
    await saving;
    const loading = wanted && load(wanted);
    if (loading !== undefined) await onItsWay();
    const changes = shelf.cut();
    const save = savingOf(tx, head, changes, clerk.nowMs);
    await loading;
    if (changes.appended.length === 0) continue;
    appended.push(...changes.appended);
    saving = save();
    // Whoever fails before it is awaited must not leave it without anybody who hears of it.
    saving.catch(() => undefined);
    if (loading !== undefined) await onItsWay();
  }
  await saving;
  const { head: last, vector, digest, conflicts } = shelf;
  return { results, appended, after: { ...head, head: last, vector, digest, conflicts } };
}

/** Until a statement that was begun has left this process, before this thread is busy again. */
function onItsWay(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function take(shelf: RowShelf, clerk: Clerk, item: Plain): Result {
  const { session } = item;
  if (item.type === "push") {
    const done = admitPush(shelf, clerk, item);
    return { type: "push", session, push: item.push, done };
  }
  const done = admitRelay(shelf, clerk, item.entries);
  return { type: "relay", session, id: item.id, count: item.entries.length, done };
}
