import { create, fromBinary } from "@bufbuild/protobuf";
import { CellSchema, MarkSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Head } from "./head.store.ts";
import { placeOfKey } from "./name.ts";
import { namesOf } from "./slices.ts";
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

/** Loads cells by their keys; those that hold nothing are undefined. */
export async function loadCells(
  tx: TenantTx,
  { id }: Head,
  keys: Wanted["cells"],
): Promise<Map<string, Cell | undefined>> {
  const cells = new Map<string, Cell | undefined>();
  if (keys.size === 0) return cells;
  const wanted = [...keys];
  const { bytes, offsets, lengths } = namesOf(wanted);
  // The limit keeps it one look into the index for each: whatever PostgreSQL guesses of a stream's
  // size, it must not read all of it.
  const result = await sql<{ at: bigint; body: Buffer }>`/*sync.cells*/
    select u.at, c.body
    from unnest(${offsets}::int[], ${lengths}::int[]) with ordinality as u (o, l, at)
    cross join lateral (
      select body from sync_cell where tenant_id = ${tx.tenant} and stream_id = ${id}
        and name = substring(${bytes}::bytea from u.o for u.l) limit 1) as c`.execute(tx.sql);
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
