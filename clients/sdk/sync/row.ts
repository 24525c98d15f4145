import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CellSchema,
  CursorSchema,
  MarkSchema,
  SegmentSchema,
  StreamSchema,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Mark, Segment, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { isBare } from "@foedus/kernel/sync/cell.ts";
import { applyPatch, newHold, type Carriage, type Hold } from "@foedus/kernel/sync/hold.ts";
import type { Patch, Quarantined } from "@foedus/kernel/sync/hold.ts";

/** What is kept of a stream beside its cells, marks and ops. */
export interface HeadRow {
  readonly key: string;
  readonly stream: Uint8Array;
  readonly epoch: string | null;
  readonly seq: number;
  /** JSON. */
  readonly vector: string;
  readonly ctr: number;
  readonly hlcMs: number;
  readonly ackedCtr: number;
  readonly settledCtr: number;
}

/** All rows of one stream. */
export interface StreamRows {
  readonly head: HeadRow;
  readonly cells: Iterable<readonly [string, Uint8Array]>;
  readonly marks: Iterable<Uint8Array>;
  readonly ops: Iterable<Carriage>;
  readonly quarantine: Iterable<Quarantined>;
}

/** The head of a stream of which nothing is kept yet. */
export function newHead(key: string, stream: Stream): HeadRow {
  const bytes = toBinary(StreamSchema, stream);
  const counters = { ctr: 0, hlcMs: 0, ackedCtr: 0, settledCtr: 0 };
  return { key, stream: bytes, epoch: null, seq: 0, vector: "{}", ...counters };
}

/** The head after a patch; what the patch does not name stays. */
export function headAfter(head: HeadRow, { at, ...patch }: Patch): HeadRow {
  const { ctr, hlcMs, ackedCtr, settledCtr } = { ...head, ...definedOf(patch) };
  const place = at && {
    epoch: at.cursor.epoch,
    seq: at.cursor.seq,
    vector: JSON.stringify(at.vector),
  };
  return { ...head, ...place, ctr, hlcMs, ackedCtr, settledCtr };
}

function definedOf({ ctr, hlcMs, ackedCtr, settledCtr }: Patch): Partial<HeadRow> {
  const named = Object.entries({ ctr, hlcMs, ackedCtr, settledCtr });
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** How many rows are taken in at a stretch. */
const sliceRows = 256;

/** A stream as it is held in memory, from what a disk kept of it. */
export function holdOf(rows: StreamRows): Hold {
  const slices = holdInSlices(rows);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

/** The same, a slice of the rows at a time, so that a program can do something else in between. */
export function* holdInSlices(rows: StreamRows): Generator<undefined, Hold, void> {
  const { head, cells, marks, ops, quarantine } = rows;
  const hold = newHold(fromBinary(StreamSchema, head.stream));
  const { key, ctr, hlcMs, ackedCtr, settledCtr } = head;
  const known = new Map(Array.from(marks, markOf).map((mark) => [mark.replica, mark]));
  const swap = { cells: new Map<string, Cell>(), marks: known };
  applyPatch(hold, { key, swap, ctr, hlcMs, ackedCtr, settledCtr });
  for (const slice of slicesOf(cells)) {
    applyPatch(hold, {
      key,
      cells: new Map(slice.map(([name, bytes]) => [name, heldCell(bytes)])),
    });
    yield;
  }
  for (const slice of slicesOf(ops)) {
    applyPatch(hold, { key, ops: slice });
    yield;
  }
  applyPatch(hold, { key, quarantined: [...quarantine] });
  if (head.epoch === null) return hold;
  hold.cursor = create(CursorSchema, { epoch: head.epoch, seq: head.seq });
  hold.vector = JSON.parse(head.vector) as Record<string, number>;
  return hold;
}

function* slicesOf<Row>(rows: Iterable<Row>): Generator<Row[], void, void> {
  let slice: Row[] = [];
  for (const row of rows) {
    slice.push(row);
    if (slice.length < sliceRows) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

/** A cell as bytes. */
export function bytesOfCell(cell: Cell): Uint8Array {
  return toBinary(CellSchema, cell);
}

/** A mark as bytes. */
export function bytesOfMark(mark: Mark): Uint8Array {
  return toBinary(MarkSchema, mark);
}

/** What an author signed, as bytes. */
export function bytesOfSegment(segment: Segment): Uint8Array {
  return toBinary(SegmentSchema, segment);
}

/** Reads what authors signed; ops that share one share it again. */
export function segmentReader(): (bytes: Uint8Array) => Segment {
  const known = new Map<string, Segment>();
  return (bytes) => {
    const segment = fromBinary(SegmentSchema, bytes);
    const name = segment.signature.join();
    const same = known.get(name) ?? segment;
    known.set(name, same);
    return same;
  };
}

/** A snapshot brings cells that hold nothing any more; they are not held. */
function heldCell(bytes: Uint8Array): Cell | undefined {
  const cell = fromBinary(CellSchema, bytes);
  return isBare(cell) ? undefined : cell;
}

function markOf(bytes: Uint8Array): Mark {
  return fromBinary(MarkSchema, bytes);
}

/** What the key of a dot names: whose op, and which one. */
export function dotNamed(name: string): [string, number] {
  const at = name.lastIndexOf(":");
  return [name.slice(0, at), Number(name.slice(at + 1))];
}
