import type { Cell, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { nameOf, keyOfName } from "./name.ts";
import { cellOf } from "./rows.store.ts";
import { streamOf, type NameRow } from "./status.store.ts";

/** Which conflicts: of one stream or of all in some zones, and after which one. */
export interface ConflictsWish {
  readonly stream: Stream | undefined;
  readonly zones: readonly string[];
  /** Of this field only. */
  readonly key: string | undefined;
  readonly size: number;
  readonly after: { readonly streamId: number; readonly key: string } | undefined;
}

/** A page is cut after as much: values of a field may be sixteen times 64 KiB. */
export const pageBytesMax = 4_194_304;

/** A field that holds concurrent values, and where the next page goes on. */
export interface Disputed {
  readonly stream: Stream;
  readonly streamId: number;
  readonly key: string;
  readonly cell: Cell;
  readonly bytes: number;
}

interface CellRow extends NameRow {
  stream_id: number;
  name: Buffer;
  body: Buffer;
}

/** Fields with concurrent values by stream, record and field; an index holds nothing but them. */
export async function conflictsOf(
  tx: TenantTx,
  { stream, zones, key: only, size, after }: ConflictsWish,
): Promise<Disputed[]> {
  const [id, name] = [after?.streamId ?? 0, nameOf(after?.key ?? "")];
  const field = only === undefined ? sql`true` : sql`c.name = ${nameOf(only)}::bytea`;
  const where =
    stream === undefined
      ? sql`s.zone = any(${[...zones]}::text[])`
      : sql`s.collection = ${stream.collection} and s.partition = ${stream.partition}
          and s.zone = ${stream.zone} and s.lane = ${stream.lane}`;
  const { rows } = await sql<CellRow>`
    select * from (
      select c.stream_id, c.name, c.body, s.collection, s.partition, s.zone, s.lane,
        sum(octet_length(c.body)) over (order by c.stream_id, c.name
          rows between unbounded preceding and 1 preceding) as before
      from sync_cell c
      join sync_stream s on s.tenant_id = c.tenant_id and s.stream_id = c.stream_id
      where c.tenant_id = ${tx.tenant} and c.siblings > 1 and ${where} and ${field}
        and (c.stream_id, c.name) > (${id}::int, ${name}::bytea)
      order by c.stream_id, c.name limit ${size}) as page
    where before is null or before < ${pageBytesMax}
    order by stream_id, name`.execute(tx.sql);
  return rows.map((row) => {
    const key = keyOfName(row.name);
    const cell = cellOf(key, row.body);
    const bytes = row.body.length;
    return { stream: streamOf(row), streamId: row.stream_id, key, cell, bytes };
  });
}
