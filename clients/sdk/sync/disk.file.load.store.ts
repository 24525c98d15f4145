import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Hold } from "@foedus/kernel/sync/hold.ts";
import type { Loaded } from "./disk.ts";
import { holdOf, segmentReader, type HeadRow } from "./row.ts";

type Row = Record<string, SQLOutputValue>;

/** Reads all of it; the key is made where there is none. */
export function loadFrom(database: DatabaseSync, fresh: string): Loaded {
  const insert = database.prepare("insert into own values ('replica', ?) on conflict do nothing");
  insert.run(fresh);
  const own = database.prepare("select value from own where name = 'replica'").get();
  const holds = new Map<string, Hold>();
  for (const row of database.prepare("select * from head").all()) {
    const head = headOf(row);
    holds.set(head.key, holdOf({ head, ...rowsOf(database, head.key) }));
  }
  return { replica: text(own?.value), holds };
}

function rowsOf(database: DatabaseSync, key: string) {
  const all = (statement: string) => database.prepare(statement).all(key);
  const segmentOf = segmentReader();
  return {
    cells: all("select name, bytes from cell where key = ?").map(
      ({ name, bytes }) => [text(name), blob(bytes)] as const,
    ),
    marks: all("select bytes from mark where key = ?").map(({ bytes }) => blob(bytes)),
    ops: all("select * from op where key = ? order by replica, ctr").map((row) => {
      const segment = row.segment === null ? undefined : segmentOf(blob(row.segment));
      return { ...carriageOf(row), segment };
    }),
    quarantine: all("select * from quarantine where key = ?").map((row) => ({
      ...carriageOf(row),
      refusal: Number(row.refusal),
      taken: row.taken === 1,
    })),
  };
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
