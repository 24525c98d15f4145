import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { FrameSchema, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Cell, Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

type Said = Exclude<MessageInitShape<typeof FrameSchema>["frame"], { case?: undefined }>;

/** A frame that says one thing. */
export function framed(said: Said): Frame {
  return create(FrameSchema, { frame: said });
}

const frameBytes = 32;
const entryBytes = 40;
const cellBytes = 64;

/** What a batch costs of a lane's credit: known before it is encoded, and nearly its size. */
export function costOfEntries(entries: readonly Entry[]): number {
  return entries.reduce((sum, { op }) => sum + entryBytes + op.length, frameBytes);
}

/** What a part of a snapshot costs. */
export function costOfCells(cells: readonly Cell[]): number {
  const costOf = ({ siblings }: Cell) =>
    siblings.reduce((sum, { op }) => sum + op.length, cellBytes);
  return cells.reduce((sum, cell) => sum + costOf(cell), frameBytes);
}
