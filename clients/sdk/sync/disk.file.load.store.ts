import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Hold } from "@foedus/kernel/sync/hold.ts";
import type { Loaded } from "./disk.ts";
import { holdInSlices, segmentReader, type HeadRow } from "./row.ts";
import type { Turns } from "./turns.ts";

type Row = Record<string, SQLOutputValue>;

/**
 * Reads all of it, and lets the rest of the program have its turn in between; the key is made where
 * there is none.
 */
export async function loadFrom(
  database: DatabaseSync,
  fresh: string,
  turns: Turns,
): Promise<Loaded> {
  const insert = database.prepare("insert into own values ('replica', ?) on conflict do nothing");
  insert.run(fresh);
  const own = database.prepare("select value from own where name = 'replica'").get();
  const holds = new Map<string, Hold>();
  for (const row of database.prepare("select * from head").all()) {
    const head = headOf(row);
    const slices = holdInSlices({ head, ...rowsOf(database, head.key) });
    let slice = slices.next();
    while (slice.done !== true) {
      const turn = turns.due();
      if (turn !== undefined) await turn;
      slice = slices.next();
    }
    holds.set(head.key, slice.value);
  }
  return { replica: text(own?.value), holds };
}

function rowsOf(database: DatabaseSync, key: string) {
  const all = <Read>(statement: string, read: (row: Row) => Read) =>
    readEach(database.prepare(statement), key, read);
  const segmentOf = segmentReader();
  return {
    cells: all("select name, bytes from cell where key = ?", ({ name, bytes }) => {
      return [text(name), blob(bytes)] as const;
    }),
    marks: all("select bytes from mark where key = ?", ({ bytes }) => blob(bytes)),
    ops: all("select * from op where key = ? order by replica, ctr", (row) => {
      const segment = row.segment === null ? undefined : segmentOf(blob(row.segment));
      return { ...carriageOf(row), segment };
    }),
    quarantine: all("select * from quarantine where key = ?", (row) => ({
      ...carriageOf(row),
      refusal: Number(row.refusal),
      taken: row.taken === 1,
    })),
  };
}

/** One row after the other, as they are asked for. */
function* readEach<Read>(
  statement: StatementSync,
  key: string,
  read: (row: Row) => Read,
): Generator<Read, void, void> {
  const rows = statement.iterate(key);
  for (let next = rows.next(); next.done !== true; next = rows.next()) yield read(next.value);
}

function carriageOf({ replica, ctr, bytes }: Row) {
  return { replica: text(replica), ctr: Number(ctr), bytes: blob(bytes) };
}

function headOf(row: Row): HeadRow {
  return {
    key: text(row.key),
    stream: blob(row.stream),
    epoch: row.epoch === null ? null : text(row.epoch),
    seq: Number(row.seq),
    vector: text(row.vector),
    ctr: Number(row.ctr),
    hlcMs: Number(row.hlc_ms),
    ackedCtr: Number(row.acked_ctr),
    settledCtr: Number(row.settled_ctr),
  };
}

function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== "string") throw new Error("a text is missing");
  return value;
}

function blob(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error("bytes are missing");
  return value;
}
