import type { Cell, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { emptyHead, headColumns, headOf, ofStream, type Head, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { keyOfName, nameOf } from "./name.ts";
import { cellOf, markOf } from "./rows.store.ts";

/** A part of what a stream holds, read at one moment with its head. */
export interface CellsPart {
  readonly head: Head;
  readonly cells: readonly Cell[];
  /** With the last part. */
  readonly marks: readonly Mark[];
  readonly last: boolean;
}

/** A part ends after the cell that exceeds this, so that it fits a message whatever they hold. */
export const partBytesMax = 262_144;

interface PartRow extends HeadRow {
  is_last: boolean;
  name: Buffer | null;
  body: Buffer;
  replica: string | null;
  ctr: bigint;
  refused: Buffer | null;
}

/**
 * Reads the cells after a key, and after the last of them the marks. One statement, so all of it is
 * of one moment: marks of a later one would tell of ops whose effect is in no cell.
 */
export async function readPart(
  tx: TenantTx,
  at: StreamAt,
  hub: string,
  after: string | undefined,
  cellsMax: number,
): Promise<CellsPart> {
  const from = after === undefined ? null : nameOf(after);
  const result = await sql<PartRow>`/*sync.part*/
    with next as materialized (
      select c.name, c.body from sync_stream s
      join sync_cell c on c.tenant_id = s.tenant_id and c.stream_id = s.stream_id
      where ${ofStream(at)} and (${from}::bytea is null or c.name > ${from}::bytea)
      order by c.name limit ${cellsMax + 1}
    ), page as materialized (
      select name, body from (
        select name, body, sum(length(body)) over (order by name) - length(body) as before from next
      ) as n where before <= ${partBytesMax} order by name limit ${cellsMax}
    ), ends as materialized (
      select (select count(*) from next) = (select count(*) from page) as is_last
    ), rest as (
      select null::bytea as name, null::bytea as body, m.replica, m.ctr, m.refused
      from sync_stream s
      join sync_mark m on m.tenant_id = s.tenant_id and m.stream_id = s.stream_id
      where ${ofStream(at)} and (select is_last from ends)
    )
    select ${headColumns}, (select is_last from ends) as is_last, r.*
    from sync_stream s left join (
      select name, body, null::text as replica, null::bigint as ctr, null::bytea as refused from page
      union all select * from rest) as r on true
    where ${ofStream(at)} order by r.name`.execute(tx.sql);
  const [first] = result.rows;
  const head = first === undefined ? emptyHead(hub) : headOf(first);
  const cells: Cell[] = [];
  const marks: Mark[] = [];
  for (const { name, body, replica, ctr, refused } of result.rows) {
    if (name !== null) cells.push(cellOf(keyOfName(name), body));
    else if (replica !== null) marks.push(markOf({ replica, ctr, refused }));
  }
  return { head, cells, marks, last: first?.is_last ?? true };
}
