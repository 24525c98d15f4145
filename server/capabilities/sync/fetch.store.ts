import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { emptyHead, headColumns, headOf, ofStream, type Head, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { keyOfName, rangeOf } from "./name.ts";
import { cellOf } from "./rows.store.ts";

/** Some records as they are now, and where that was read. */
export interface Fetched {
  readonly head: Head;
  readonly cells: readonly Cell[];
  /** What all cells come to; beyond fetchBytesMax none is read. */
  readonly bytes: number;
}

/** What one answer may hold, so that it fits a message. */
export const fetchBytesMax = 4_194_304;

/** Of a record no more fields than this are read, lest one answer grow without bound. */
export const recordCellsMax = 1_000;

/** Reads all fields of some records in one statement with the head. */
export async function fetchRecords(
  tx: TenantTx,
  at: StreamAt,
  hub: string,
  records: readonly string[],
): Promise<Fetched> {
  const ranges = [...new Set(records)].map(rangeOf);
  const { rows } = await sql<HeadRow & { name: Buffer | null; body: Buffer; bytes: string }>`
    select ${headColumns}, c.name, sum(length(c.body)) over () as bytes,
      case when sum(length(c.body)) over () <= ${fetchBytesMax} then c.body end as body
    from sync_stream s left join (
      unnest(${ranges.map(({ from }) => from)}::bytea[], ${ranges.map(({ to }) => to)}::bytea[])
        as r (first, past)
      cross join lateral (
        select o.tenant_id, o.stream_id, o.name, o.body from sync_cell o, sync_stream s
        where ${ofStream(at)} and o.tenant_id = s.tenant_id and o.stream_id = s.stream_id
          and o.name >= r.first and o.name < r.past
        order by o.name limit ${recordCellsMax}) as c
    ) on true where ${ofStream(at)} order by c.name`.execute(tx.sql);
  const [first] = rows;
  const bytes = Number(first?.bytes ?? 0);
  const cells = rows.flatMap(({ name, body }) => {
    return name === null || bytes > fetchBytesMax ? [] : [cellOf(keyOfName(name), body)];
  });
  return { head: first === undefined ? emptyHead(hub) : headOf(first), cells, bytes };
}
