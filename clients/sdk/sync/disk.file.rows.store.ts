import { toBinary } from "@bufbuild/protobuf";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Patch } from "@foedus/kernel/sync/hold.ts";
import type { Save } from "./disk.ts";
import { bytesOfCell, bytesOfMark, bytesOfSegment, dotNamed } from "./row.ts";

const statements = {
  head: `insert into head values (?, ?, null, 0, '{}', 0, 0, 0, 0) on conflict do nothing`,
  counters: `update head set ctr = coalesce(?, ctr), hlc_ms = coalesce(?, hlc_ms),
    acked_ctr = coalesce(?, acked_ctr), settled_ctr = coalesce(?, settled_ctr) where key = ?`,
  place: `update head set epoch = ?, seq = ?, vector = ? where key = ?`,
  cell: `insert into cell values (?, ?, ?) on conflict do update set bytes = excluded.bytes`,
  noCell: `delete from cell where key = ? and name = ?`,
  noCells: `delete from cell where key = ?`,
  mark: `insert into mark values (?, ?, ?) on conflict do update set bytes = excluded.bytes`,
  noMarks: `delete from mark where key = ?`,
  op: `insert into op values (?, ?, ?, ?, ?) on conflict do update
    set bytes = excluded.bytes, segment = excluded.segment`,
  noOp: `delete from op where key = ? and replica = ? and ctr = ?`,
  refused: `insert into quarantine values (?, ?, ?, ?, ?, ?) on conflict do update
    set refusal = excluded.refusal, taken = excluded.taken, bytes = excluded.bytes`,
  notRefused: `delete from quarantine where key = ? and replica = ? and ctr = ?`,
};

type Prepared = Record<keyof typeof statements, StatementSync>;

const prepared = new WeakMap<DatabaseSync, Prepared>();

/** Carries patches out in the order in which they came; within a transaction. */
export function saveInto(database: DatabaseSync, saves: readonly Save[]): void {
  const known = prepared.get(database) ?? prepare(database);
  prepared.set(database, known);
  for (const { stream, patch } of saves) {
    known.head.run(patch.key, toBinary(StreamSchema, stream));
    savePatch(known, patch);
  }
}

function prepare(database: DatabaseSync): Prepared {
  const each = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(each) as Prepared;
}

/** In the order of applyPatch, which does the same in memory. */
function savePatch(known: Prepared, patch: Patch): void {
  const { key, at } = patch;
  if (patch.swap !== undefined) {
    known.noCells.run(key);
    known.noMarks.run(key);
    for (const [name, cell] of patch.swap.cells) known.cell.run(key, name, bytesOfCell(cell));
    for (const mark of patch.swap.marks.values()) saveMark(known, key, mark);
  }
  for (const [name, cell] of patch.cells ?? []) {
    if (cell === undefined) known.noCell.run(key, name);
    else known.cell.run(key, name, bytesOfCell(cell));
  }
  if (at !== undefined) {
    known.place.run(at.cursor.epoch, at.cursor.seq, JSON.stringify(at.vector), key);
  }
  saveCounters(known, patch);
  for (const { replica, ctr, bytes, segment } of patch.ops ?? []) {
    known.op.run(key, replica, ctr, bytes, segment === undefined ? null : bytesOfSegment(segment));
  }
  for (const { replica, ctr, refusal, taken, bytes } of patch.quarantined ?? []) {
    known.refused.run(key, replica, ctr, refusal, taken === true ? 1 : 0, bytes);
  }
  for (const mark of patch.marks ?? []) saveMark(known, key, mark);
  for (const name of patch.released ?? []) known.notRefused.run(key, ...dotNamed(name));
  for (const name of patch.dropped ?? []) known.noOp.run(key, ...dotNamed(name));
}

function saveCounters({ counters }: Prepared, patch: Patch): void {
  const { key, ctr = null, hlcMs = null, ackedCtr = null, settledCtr = null } = patch;
  if (ctr === null && hlcMs === null && ackedCtr === null && settledCtr === null) return;
  counters.run(ctr, hlcMs, ackedCtr, settledCtr, key);
}

function saveMark({ mark }: Prepared, key: string, each: Parameters<typeof bytesOfMark>[0]): void {
  mark.run(key, each.replica, bytesOfMark(each));
}
