import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CellSchema, MarkSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { vectorBytes, type Head } from "./head.store.ts";
import { nameOf, placeOfKey } from "./name.ts";
import { runsOf } from "./run.ts";
import type { RowShelf } from "./shelf.ts";
import { slicesOf } from "./slices.ts";
import type { Wanted } from "./wanted.ts";

/** Loads the marks of replicas; those nobody heard of are undefined. */
export async function loadMarks(
  tx: TenantTx,
  { id }: Head,
  replicas: Wanted["replicas"],
): Promise<Map<string, Mark | undefined>> {
  const marks = new Map<string, Mark | undefined>([...replicas].map((name) => [name, undefined]));
  const result = await sql<MarkRow>`/*sync.marks*/
    select replica, ctr, refused from sync_mark
    where tenant_id = ${tx.tenant} and stream_id = ${id}
      and replica = any(${[...replicas].filter(isText)}::text[])`.execute(tx.sql);
  for (const row of result.rows) marks.set(row.replica, markOf(row));
  return marks;
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

function refusedOf({ refused }: Mark): Buffer | null {
  if (refused.length === 0) return null;
  return Buffer.from(toBinary(MarkSchema, create(MarkSchema, { refused })));
}

/** Loads cells by their keys; those that hold nothing are undefined. */
export async function loadCells(
  tx: TenantTx,
  { id }: Head,
  keys: Wanted["cells"],
): Promise<Map<string, Cell | undefined>> {
  const cells = new Map<string, Cell | undefined>();
  if (keys.size === 0) return cells;
  const wanted = [...keys];
  const { bytes, offsets, lengths } = slicesOf(wanted.map(nameOf));
  const result = await sql<{ at: bigint; body: Buffer }>`/*sync.cells*/
    select u.at, c.body
    from unnest(${offsets}::int[], ${lengths}::int[]) with ordinality as u (o, l, at)
    join sync_cell c on c.tenant_id = ${tx.tenant} and c.stream_id = ${id}
      and c.name = substring(${bytes}::bytea from u.o for u.l)`.execute(tx.sql);
  for (const key of wanted) cells.set(key, undefined);
  for (const { at, body } of result.rows) {
    const key = wanted[Number(at) - 1];
    if (key !== undefined) cells.set(key, cellOf(key, body));
  }
  return cells;
}

/** The cell of a row: its name is the key's alone. */
export function cellOf(key: string, body: Buffer): Cell {
  return { ...fromBinary(CellSchema, new Uint8Array(body)), ...placeOfKey(key) };
}

/** A cell as the body of its row. */
export function bodyOfCell(cell: Cell): Uint8Array {
  return toBinary(CellSchema, { ...cell, record: "", field: "" });
}

/** Writes all that a commit changed, in one statement. */
export async function saveShelf(
  tx: TenantTx,
  head: Head,
  shelf: RowShelf,
  nowMs: number,
): Promise<void> {
  const runs = runsOf(shelf.appended);
  const marks = [...shelf.changedMarks].flatMap((name) => shelf.marks.get(name) ?? []);
  const changed = [...shelf.changedCells].map((key) => ({ key, cell: shelf.cells.get(key) }));
  const kept = changed.flatMap(({ key, cell }) => (cell === undefined ? [] : [{ key, cell }]));
  const gone = changed.flatMap(({ key, cell }) => (cell === undefined ? [nameOf(key)] : []));
  const names = slicesOf(kept.map(({ key }) => nameOf(key)));
  const cells = slicesOf(kept.map(({ cell }) => bodyOfCell(cell)));
  const bodies = slicesOf(runs.map(({ body }) => body));
  const of = { tenant: tx.tenant, id: head.id };
  const { digest, vector, conflicts } = shelf;
  await sql`/*sync.save*/
    with runs as (
      insert into sync_log (tenant_id, stream_id, seq, first_seq, day, stored_ms, hub, ctr, body)
      select ${of.tenant}, ${of.id}::int, u.seq, u.first, ${utcDay(nowMs)}::date, ${nowMs}::bigint,
             u.hub, u.ctr, substring(${bodies.bytes}::bytea from u.o for u.l)
      from unnest(${runs.map(({ seq }) => seq)}::bigint[],
                  ${runs.map(({ firstSeq }) => firstSeq)}::bigint[],
                  ${runs.map(({ hub }) => hub)}::text[], ${runs.map(({ ctr }) => ctr)}::bigint[],
                  ${bodies.offsets}::int[], ${bodies.lengths}::int[]) as u (seq, first, hub, ctr, o, l)
    ), marks as (
      insert into sync_mark (tenant_id, stream_id, replica, ctr, written_seq, needed_ms, refused)
      select ${of.tenant}, ${of.id}::int, u.replica, u.ctr, u.seq, ${nowMs}::bigint, u.refused
      from unnest(${marks.map(({ replica }) => replica)}::text[],
                  ${marks.map(({ ctr }) => ctr)}::bigint[],
                  ${marks.map(({ replica }) => shelf.writtenAt.get(replica) ?? 0)}::bigint[],
                  ${marks.map(refusedOf)}::bytea[]) as u (replica, ctr, seq, refused)
      on conflict (tenant_id, stream_id, replica) do update set ctr = excluded.ctr,
        written_seq = excluded.written_seq, needed_ms = excluded.needed_ms,
        refused = excluded.refused
    ), cells as (
      insert into sync_cell (tenant_id, stream_id, name, siblings, body)
      select ${of.tenant}, ${of.id}::int, substring(${names.bytes}::bytea from u.no for u.nl),
             u.siblings, substring(${cells.bytes}::bytea from u.o for u.l)
      from unnest(${names.offsets}::int[], ${names.lengths}::int[],
                  ${kept.map(({ cell }) => cell.siblings.length)}::smallint[],
                  ${cells.offsets}::int[], ${cells.lengths}::int[]) as u (no, nl, siblings, o, l)
      on conflict (tenant_id, stream_id, name) do update set siblings = excluded.siblings,
        body = excluded.body
    ), gone as (
      delete from sync_cell where tenant_id = ${of.tenant} and stream_id = ${of.id}
        and name = any(${gone}::bytea[])
    )
    update sync_stream s set head = ${shelf.head}, vector = ${vectorBytes(vector)},
      cells = ${digest.cells}, digest = ${digest.sum}, conflicts = ${conflicts},
      written_ms = ${nowMs}
    where s.tenant_id = ${of.tenant} and s.stream_id = ${of.id}`.execute(tx.sql);
}
