import { create, fromBinary } from "@bufbuild/protobuf";
import { CellSchema, MarkSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql, type RawBuilder } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { headColumns, headOf, ofStream, type Head, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { placeOfKey } from "./name.ts";
import { namesOf } from "./slices.ts";
import type { Wanted } from "./wanted.ts";

/** The rows that a commit reads: undefined is what nobody has written yet. */
export interface Loaded {
  readonly marks: Map<string, Mark | undefined>;
  readonly cells: Map<string, Cell | undefined>;
}

interface LoadedRow extends Partial<HeadRow> {
  at: bigint | null;
  body: Buffer | null;
  replica: string | null;
  ctr: bigint | null;
  refused: Buffer | null;
}

/** Loads what is wanted of a stream whose head is locked. */
export async function loadRows(tx: TenantTx, { id }: Head, wanted: Wanted): Promise<Loaded> {
  const keys = [...wanted.cells];
  const { rows } = await sql<LoadedRow>`/*sync.load*/
    ${rowsOf(tx, sql`${id}::int`, wanted, keys)}`.execute(tx.sql);
  return loadedOf(rows, wanted, keys);
}

/**
 * Locks a stream's head and loads what is wanted of it, in one statement. What it loads may be of a
 * moment before the lock was had: it is true only if nobody else wrote since this process did,
 * which the head tells. Undefined for a stream that is new.
 */
export async function lockAndLoad(
  tx: TenantTx,
  at: StreamAt,
  wanted: Wanted,
): Promise<{ readonly head: Head; readonly loaded: Loaded } | undefined> {
  const keys = [...wanted.cells];
  const { rows } = await sql<LoadedRow>`/*sync.begin*/
    with s as materialized (
      select ${headColumns} from sync_stream s where ${ofStream(at)} for update
    )
    select null::bigint as at, null::bytea as body, null::text as replica, null::bigint as ctr,
           null::bytea as refused, ${headColumns} from s
    union all select r.*, ${noHead}
    from (${rowsOf(tx, sql`(select stream_id from s)`, wanted, keys)}) as r`.execute(tx.sql);
  const row = rows.find(isHead);
  if (row === undefined) return undefined;
  return { head: headOf(row), loaded: loadedOf(rows, wanted, keys) };
}

const noHead = sql.raw(`null::int, null::text, null::text, null::bigint, null::bigint, null::bytea,
  null::bytea, null::bigint, null::bigint, null::bigint, null::int`);

function isHead(row: LoadedRow): row is LoadedRow & HeadRow {
  return typeof row.stream_id === "number";
}

/**
 * The limit keeps it one look into the index for each cell: whatever PostgreSQL guesses of a
 * stream's size, it must not read all of it. It is not shown how long the lists are, or it would
 * plan anew for each commit.
 */
function rowsOf(
  { tenant }: TenantTx,
  id: RawBuilder<unknown>,
  { replicas }: Wanted,
  keys: readonly string[],
) {
  const { bytes, offsets, lengths } = namesOf(keys);
  return sql`
    select null::bigint as at, null::bytea as body, replica, ctr, refused from sync_mark
    where tenant_id = ${tenant} and stream_id = ${id}
      and replica = any((select ${[...replicas].filter(isText)}::text[])::text[])
    union all
    select u.at, c.body, null, null, null
    from unnest((select ${offsets}::int[]), (select ${lengths}::int[])) with ordinality
      as u (o, l, at)
    cross join lateral (
      select body from sync_cell where tenant_id = ${tenant} and stream_id = ${id}
        and name = substring(${bytes}::bytea from u.o for u.l) limit 1) as c`;
}

function loadedOf(rows: readonly LoadedRow[], { replicas }: Wanted, keys: string[]): Loaded {
  const marks = new Map<string, Mark | undefined>();
  const cells = new Map<string, Cell | undefined>();
  for (const replica of replicas) marks.set(replica, undefined);
  for (const key of keys) cells.set(key, undefined);
  for (const { at, body, replica, ctr, refused } of rows) {
    const key = at === null ? undefined : keys[Number(at) - 1];
    if (key !== undefined && body !== null) cells.set(key, cellOf(key, body));
    if (replica !== null && ctr !== null) marks.set(replica, markOf({ replica, ctr, refused }));
  }
  return { marks, cells };
}

/** What is no text for PostgreSQL is nobody's name; the op that says it is refused in its place. */
function isText(name: string): boolean {
  return !name.includes("\u0000");
}

/** A mark as its row has it. */
export interface MarkRow {
  replica: string;
  ctr: bigint;
  refused: Buffer | null;
}

/** What a row says. */
export function markOf({ replica, ctr, refused }: MarkRow): Mark {
  const mark = refused === null ? create(MarkSchema) : fromBinary(MarkSchema, refused);
  return { ...mark, replica, ctr: Number(ctr) };
}

/** The cell of a row: its name is the key's alone. */
export function cellOf(key: string, body: Buffer): Cell {
  return { ...fromBinary(CellSchema, body), ...placeOfKey(key) };
}
