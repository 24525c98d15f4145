import type { Cell, Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell, written } from "../sync/cell.ts";
import { faceOf } from "../sync/digest.ts";
import { dotKey } from "../sync/dot.ts";
import { cellKey, opOf, placeOf } from "../sync/op.ts";

/** An op and its name. */
export interface Named {
  readonly dot: Dot;
  readonly bytes: Uint8Array;
}

/** What a party holds that takes any op in any order, as often as it comes: the law in itself. */
export interface Heap {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly ops: ReadonlyMap<string, Named>;
}

/** One that is being filled. */
export interface GrowingHeap extends Heap {
  readonly cells: Map<string, Cell>;
  readonly ops: Map<string, Named>;
}

/** Nothing yet. */
export const emptyHeap: Heap = { cells: new Map(), ops: new Map() };

/** After one more op. */
export function took(heap: Heap, named: Named): Heap {
  const after = { cells: new Map(heap.cells), ops: new Map(heap.ops) };
  take(after, named);
  return after;
}

/** One more op, in place: for heaps of many thousands. */
export function take(heap: GrowingHeap, named: Named): void {
  const key = dotKey(named.dot);
  if (heap.ops.has(key)) return;
  const said = opOf(named.bytes);
  const place = placeOf(named.dot, said);
  const before = heap.cells.get(cellKey(place)) ?? emptyCell(place.record, place.field);
  const unseen = said.supersedes.filter((dot) => !heap.ops.has(dotKey(dot)));
  const after = written(before, { ...named, unseen });
  heap.cells.set(cellKey(place), after);
  heap.ops.set(key, named);
}

/** After all that somebody else has, too. */
export function merged(one: Heap, other: Heap): Heap {
  return [...other.ops.values()].reduce(took, one);
}

/** Two heaps with the same face are the same to everybody. */
export function face(heap: Heap): string[] {
  return [...heap.cells.values()].map(faceOf).toSorted();
}
