import { Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Cursor, Entry, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { SnapshotPart } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { emptyCell, isBare } from "./cell.ts";
import { dotOfEntry, emptyMark, marked } from "./mark.ts";
import { cellKey, opOf, placeOf } from "./op.ts";
import type { Rules } from "./rules.ts";
import { joined, type Vector } from "./vector.ts";

/**
 * A snapshot on its way in. Its parts are read one by one while the log goes on, so no database
 * transaction stays open: each part says at which place it was read, and the log is applied to its
 * cells only from there.
 */
export interface Staging {
  readonly cells: Map<string, Cell>;
  readonly marks: Map<string, Mark>;
  /** Up to which key each part goes, and the place it was read at. */
  readonly ranges: { to: string; readSeq: number }[];
  cursor: Cursor;
  vector: Vector;
  /** The place at which it is exact; known with the last part. */
  until: number | undefined;
}

/** Before the first part. */
export function newStaging(cursor: Cursor): Staging {
  const [cells, marks] = [new Map<string, Cell>(), new Map<string, Mark>()];
  return { cells, marks, ranges: [], cursor, vector: {}, until: undefined };
}

/** Takes one part. */
export function stagePart(staging: Staging, part: SnapshotPart): void {
  if (staging.ranges.length === 0 && part.cursor !== undefined) staging.cursor = part.cursor;
  for (const cell of part.cells) staging.cells.set(cellKey(cell), cell);
  for (const mark of part.marks) staging.marks.set(mark.replica, mark);
  const end = part.cells.at(-1);
  const to = part.last || end === undefined ? undefined : cellKey(end);
  staging.ranges.push({ to: to ?? "\uffff", readSeq: part.readSeq });
  if (!part.last) return;
  staging.until = part.readSeq;
  staging.vector = part.vector;
}

/** Takes a place of the log that follows; `bytes` where the entry left its op out. */
export function stageEntry(staging: Staging, rules: Rules, entry: Entry, bytes = entry.op): void {
  const dot = dotOfEntry(entry);
  const mark = staging.marks.get(dot.replica) ?? emptyMark(dot.replica);
  staging.marks.set(dot.replica, marked(mark, entry));
  if (entry.slot !== Slot.EFFECT) return;
  const where = placeOf(dot, opOf(bytes));
  const key = cellKey(where);
  const range = staging.ranges.find(({ to }) => key <= to);
  if (range !== undefined && entry.seq <= range.readSeq) return;
  const before = staging.cells.get(key) ?? emptyCell(where.record, where.field);
  const after = rules.written(before, { dot, bytes, unseen: entry.unseen });
  if (isBare(after)) staging.cells.delete(key);
  else staging.cells.set(key, after);
}

/** Notes that all places up to one have been taken. */
export function stageTo(staging: Staging, seq: number, vector: Vector): void {
  staging.cursor = { ...staging.cursor, seq };
  staging.vector = joined(staging.vector, vector);
}

/** Whether it is exactly what the hub held at its cursor. */
export function isExact({ until, cursor }: Staging): boolean {
  return until !== undefined && cursor.seq >= until;
}
