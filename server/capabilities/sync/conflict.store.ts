import type { Cell, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { nameOf, keyOfName } from "./name.ts";
import { cellOf } from "./rows.store.ts";
import { streamOf, type NameRow } from "./status.store.ts";

/** Which conflicts: of one stream or of all, and after which one. */
export interface ConflictsWish {
  readonly stream: Stream | undefined;
  readonly size: number;
  readonly after: { readonly streamId: number; readonly key: string } | undefined;
}

/** A field that holds concurrent values, and where the next page goes on. */
export interface Disputed {
  readonly stream: Stream;
  readonly streamId: number;
  readonly key: string;
  readonly cell: Cell;
}

interface CellRow extends NameRow {
  stream_id: number;
  name: Buffer;
  body: Buffer;
}

/** Fields with concurrent values by stream, record and field; an index holds nothing but them. */
export async function conflictsOf(
  tx: TenantTx,
  { stream, size, after }: ConflictsWish,
): Promise<Disputed[]> {
  const [id, name] = [after?.streamId ?? 0, nameOf(after?.key ?? "")];
  const only =
    stream === undefined
      ? sql`true`
      : sql`s.collection = ${stream.collection} and s.partition = ${stream.partition}
          and s.zone = ${stream.zone} and s.lane = ${stream.lane}`;
  const { rows } = await sql<CellRow>`
    select c.stream_id, c.name, c.body, s.collection, s.partition, s.zone, s.lane
    from sync_cell c join sync_stream s on s.tenant_id = c.tenant_id and s.stream_id = c.stream_id
    where c.tenant_id = ${tx.tenant} and c.siblings > 1 and ${only}
      and (c.stream_id, c.name) > (${id}::int, ${name}::bytea)
    order by c.stream_id, c.name limit ${size}`.execute(tx.sql);
  return rows.map((row) => {
    const key = keyOfName(row.name);
    const cell = cellOf(key, row.body);
    return { stream: streamOf(row), streamId: row.stream_id, key, cell };
  });
}
