import { toBinary } from "@bufbuild/protobuf";
import { DotSchema, type Cell, type Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Slicer } from "./slices.ts";

// Tags of the message Cell: number and wire type. A test holds them to the schema.
const sibling = 0x1a;
const siblingDot = 0x0a;
const siblingOp = 0x12;
const pending = 0x22;
const sum = 0x28;
const max = 0x31;
const dotReplica = 0x0a;
const dotCtr = 0x10;

const ascii = /^[\x20-\x7e]{1,127}$/;

/**
 * A cell as the body of its row, without its name: what `toBinary` writes, at a tenth of its cost.
 * Each op of a commit writes one.
 */
export function writeCell(to: Slicer, cell: Cell): void {
  for (const { dot, op } of cell.siblings) {
    const dotBytes = dot === undefined ? 0 : sizeOfDot(dot);
    const dotSize = dot === undefined ? 0 : 1 + sizeOfVarint(dotBytes) + dotBytes;
    const opSize = op.length === 0 ? 0 : 1 + sizeOfVarint(op.length) + op.length;
    to.varint(sibling);
    to.varint(dotSize + opSize);
    if (dot !== undefined) writeDot(to, siblingDot, dot, dotBytes);
    if (op.length > 0) {
      to.varint(siblingOp);
      to.varint(op.length);
      to.raw(op);
    }
  }
  for (const dot of cell.pending) writeDot(to, pending, dot, sizeOfDot(dot));
  if (cell.sum !== 0n) {
    to.varint(sum);
    to.zigzag(cell.sum);
  }
  if (cell.max !== undefined) {
    to.varint(max);
    to.double(cell.max);
  }
  to.cut();
}

function writeDot(to: Slicer, tag: number, dot: Dot, size: number): void {
  const { replica, ctr } = dot;
  to.varint(tag);
  to.varint(size);
  if (!ascii.test(replica)) return to.raw(toBinary(DotSchema, dot));
  to.varint(dotReplica);
  to.varint(replica.length);
  to.latin(replica);
  if (ctr === 0) return;
  to.varint(dotCtr);
  to.varint(ctr);
}

function sizeOfDot(dot: Dot): number {
  const { replica, ctr } = dot;
  if (!ascii.test(replica)) return toBinary(DotSchema, dot).length;
  return 2 + replica.length + (ctr === 0 ? 0 : 1 + sizeOfVarint(ctr));
}

const more = 0x80;

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest >= more; rest = Math.floor(rest / more)) size += 1;
  return size;
}
