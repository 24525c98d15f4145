import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Dot, Op, Sibling } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { byDot, sameDot } from "./dot.ts";
import { opOf } from "./op.ts";

/** A field that nobody has written. */
export function emptyCell(record: string, field: string): Cell {
  return { $typeName: "foedus.sync.v1.Cell", record, field, siblings: [], pending: [], sum: 0n };
}

/** One op, as it is applied. */
export interface Written {
  readonly dot: Dot;
  readonly bytes: Uint8Array;
  /** Of what it supersedes, that which has not arrived yet. */
  readonly unseen: readonly Dot[];
}

/**
 * A cell after one op that it has not had. A cell holds a set of values, a sum and a maximum side
 * by side, so ops of different kinds in one field cannot be merged differently by different hubs.
 */
export function written(cell: Cell, op: Written): Cell {
  const said = opOf(op.bytes);
  if (said.kind === Kind.COUNTER) return { ...cell, sum: sumOf(cell, said) };
  if (said.kind === Kind.MAXREG) {
    return { ...cell, max: Math.max(cell.max ?? said.amount, said.amount) };
  }
  return superseded(cell, op, said);
}

/** Modulo 2^64, as it is stored: the same in whichever order. */
export function sumOf({ sum }: Cell, { amount }: Op): bigint {
  return BigInt.asIntN(64, sum + BigInt(amount));
}

/** Values that nobody has superseded: independent of the order in which ops arrive. */
function superseded(cell: Cell, { dot, bytes, unseen }: Written, said: Op): Cell {
  const early = cell.pending.some((each) => sameDot(each, dot));
  const gone = (each: Sibling) => said.supersedes.some((dot) => sameDot(dot, dotIn(each)));
  const siblings = cell.siblings.filter((each) => !gone(each));
  if (!early && !said.removes)
    siblings.push({ $typeName: "foedus.sync.v1.Sibling", dot, op: bytes });
  const pending = cell.pending.filter((each) => !sameDot(each, dot));
  for (const each of unseen) {
    if (!pending.some((known) => sameDot(known, each))) pending.push(each);
  }
  return {
    ...cell,
    siblings: siblings.toSorted((one, other) => byDot(dotIn(one), dotIn(other))),
    pending: pending.toSorted(byDot),
  };
}

/** The op that wrote a sibling. */
export function dotIn({ dot }: Sibling): Dot {
  if (dot === undefined) throw new Error("a sibling without a dot");
  return dot;
}

/** Whether nothing would be lost if it were forgotten. */
export function isBare(cell: Cell): boolean {
  const holds = cell.siblings.length + cell.pending.length > 0;
  return !holds && cell.sum === 0n && cell.max === undefined;
}
