import { Kind, type Cell, type Sibling } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { dotKey } from "@foedus/kernel/sync/dot.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { latest, losers } from "@foedus/kernel/sync/value.ts";
import type { Codec } from "./codec.ts";

/** A record as it is now, own writes included whether or not a hub has them. */
export interface Row<Value> {
  readonly record: string;
  /** Of each field the value that is shown; elements of a set or map stand among them. */
  readonly fields: Readonly<Record<string, Value>>;
  /** Sums of counters; one that came back to 0 is absent. */
  readonly counts: Readonly<Record<string, number>>;
  /** The greatest amounts that were raised to. */
  readonly maxima: Readonly<Record<string, number>>;
  /** Fields with concurrent values: see `conflicts`. */
  readonly conflicts: readonly string[];
  /** Fields whose bytes the codec does not read. */
  readonly unreadable: readonly string[];
}

/** A field that several wrote without knowing of each other. */
export interface Conflict<Value> {
  readonly record: string;
  readonly field: string;
  /** The values, the one that is shown first. */
  readonly values: readonly Contender<Value>[];
}

/** One of the values of a conflict. */
export interface Contender<Value> {
  /** Undefined where the codec does not read it. */
  readonly value: Value | undefined;
  readonly bytes: Uint8Array;
  /** The write's own name: replica and number. */
  readonly id: string;
  /** When it was written by its author's clock, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/** The row that some cells make; undefined when they hold nothing. */
export function rowOf<Value>(
  record: string,
  cells: readonly Cell[],
  codec: Codec<Value>,
): Row<Value> | undefined {
  if (cells.length === 0) return undefined;
  const fields: Record<string, Value> = {};
  const counts: Record<string, number> = {};
  const maxima: Record<string, number> = {};
  const unreadable: string[] = [];
  for (const cell of cells) {
    const shown = latest(cell);
    const value = shown && read(shown, codec);
    if (value !== undefined) fields[cell.field] = value;
    else if (shown !== undefined) unreadable.push(cell.field);
    if (cell.sum !== 0n) counts[cell.field] = Number(cell.sum);
    if (cell.max !== undefined) maxima[cell.field] = cell.max;
  }
  const conflicts = cells.filter(isContended).map(({ field }) => field);
  return { record, fields, counts, maxima, conflicts, unreadable };
}

/** Whether several values stand side by side, and somebody might choose. */
export function isContended({ siblings }: Cell): boolean {
  const [first] = siblings;
  return siblings.length > 1 && first !== undefined && opOf(first.op).kind !== Kind.APPEND;
}

/** What a conflict shows. */
export function conflictOf<Value>(cell: Cell, codec: Codec<Value>): Conflict<Value> {
  const first = latest(cell);
  const all = first === undefined ? [] : [first, ...losers(cell)];
  const values = all.map((sibling) => {
    const { body, hlcMs } = opOf(sibling.op);
    const id = dotKey(dotIn(sibling));
    return { value: read(sibling, codec), bytes: body, id, writtenMs: Math.floor(hlcMs) };
  });
  return { record: cell.record, field: cell.field, values };
}

function read<Value>(sibling: Sibling, codec: Codec<Value>): Value | undefined {
  try {
    return codec.decode(opOf(sibling.op).body);
  } catch {
    return undefined;
  }
}
