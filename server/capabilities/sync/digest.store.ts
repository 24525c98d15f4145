import { create } from "@bufbuild/protobuf";
import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  DigestBucketSchema,
  type DigestBucket,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { bucketOf, wholeDigest } from "@foedus/kernel/sync/bucket.ts";
import { isBare } from "@foedus/kernel/sync/cell.ts";
import { emptyDigest, fingerprint, joinedDigest, type Digest } from "@foedus/kernel/sync/digest.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { headColumns, headOf, ofStream, type Head, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { keyOfName } from "./name.ts";
import { cellOf } from "./rows.store.ts";
import { conflictsIn } from "./shelf.ts";

/** How many cells of a bucket are listed. */
export const listedMax = 1_000;

/** What a stream's cells come to, counted one by one. */
export interface Recount {
  /** As the log stood at that moment, with what is kept of the same. */
  readonly head: Head;
  readonly counted: Digest & { readonly conflicts: number };
  /** Those that hold something. */
  readonly buckets: readonly DigestBucket[];
  /** The cells of the bucket that was asked for, each with its fingerprint. */
  readonly cells: readonly { readonly cell: Cell; readonly fingerprint: number }[];
}

/**
 * Counts a stream's cells anew, and lists those of a bucket. A cursor sees one moment, so what is
 * counted and what is kept belong together, and nobody who writes waits for it.
 */
export async function recount(
  tx: TenantTx,
  at: StreamAt,
  bucket?: number,
): Promise<Recount | undefined> {
  const buckets = new Map<number, Digest>();
  const cells: { readonly cell: Cell; readonly fingerprint: number }[] = [];
  let conflicts = 0;
  const head = await eachCell(tx, at, (cell) => {
    if (isBare(cell)) return;
    const [own, sum] = [bucketOf(cell), fingerprint(cell)];
    buckets.set(own, joinedDigest(buckets.get(own) ?? emptyDigest, { cells: 1, sum }));
    conflicts += conflictsIn(cell);
    if (own === bucket && cells.length < listedMax) cells.push({ cell, fingerprint: sum });
  });
  if (head === undefined) return undefined;
  const listed = [...buckets].toSorted(([one], [other]) => one - other);
  return {
    head,
    counted: { ...wholeDigest(buckets.values()), conflicts },
    buckets: listed.map(([each, { cells: count, sum }]) => {
      return create(DigestBucketSchema, { bucket: each, cells: count, digest: sum });
    }),
    cells,
  };
}

/** Whether what is kept is what was counted. */
export function isSound({ head, counted }: Recount): boolean {
  const { digest, conflicts } = head;
  const isSame = digest.cells === counted.cells && digest.sum === counted.sum;
  return isSame && conflicts === counted.conflicts;
}

const sumMax = 2 ** 48;

/**
 * Keeps what was counted. Commits go on meanwhile and change what is kept by the right amounts, so
 * what is wrong stays wrong by the same: the difference is put right, whenever that is.
 */
export async function mend(tx: TenantTx, recounted: Recount): Promise<void> {
  const { head, counted } = recounted;
  const cells = counted.cells - head.digest.cells;
  const sum = counted.sum - head.digest.sum;
  const conflicts = counted.conflicts - head.conflicts;
  await sql`
    update sync_stream set cells = cells + ${cells}, conflicts = conflicts + ${conflicts},
      digest = mod(mod(digest + ${sum}::bigint, ${sumMax}::bigint) + ${sumMax}::bigint,
        ${sumMax}::bigint)
    where tenant_id = ${tx.tenant} and stream_id = ${head.id}
      and epoch = ${head.epoch}`.execute(tx.sql);
}

/** Others wait for as long as one page is read and counted. */
const pageCells = 500;

interface CellRow extends HeadRow {
  name: Buffer | null;
  body: Buffer;
}

/** Reads all cells of a stream as they are at one moment, in pages, by name. */
export async function eachCell(
  tx: TenantTx,
  at: StreamAt,
  take: (cell: Cell) => void,
): Promise<Head | undefined> {
  await sql`
    declare sync_cells no scroll cursor for
    select ${headColumns}, c.name, c.body from sync_stream s left join sync_cell c
      on c.tenant_id = s.tenant_id and c.stream_id = s.stream_id
    where ${ofStream(at)} order by c.name`.execute(tx.sql);
  let head: Head | undefined;
  for (let more = true; more;) {
    const { rows } = await sql<CellRow>`fetch ${sql.raw(`${pageCells}`)} from sync_cells`.execute(
      tx.sql,
    );
    const [first] = rows;
    if (head === undefined && first !== undefined) head = headOf(first);
    for (const { name, body } of rows) {
      if (name !== null) take(cellOf(keyOfName(name), body));
    }
    more = rows.length === pageCells;
  }
  await sql`close sync_cells`.execute(tx.sql);
  return head;
}
