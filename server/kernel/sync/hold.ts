import type {
  Cell,
  Cursor,
  Mark,
  Refusal,
  Segment,
  Stream,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell, isBare, type Written } from "./cell.ts";
import { emptyDigest, redigested, type Digest } from "./digest.ts";
import { dotKey, dotOf } from "./dot.ts";
import { cellKey, opOf, placeOf } from "./op.ts";
import type { Vector } from "./vector.ts";

/** An op that a hub refused: shown to whoever wrote it, until they take it away. */
export interface Quarantined {
  readonly replica: string;
  readonly ctr: number;
  readonly refusal: Refusal;
  readonly bytes: Uint8Array;
  /** Whoever wrote it has seen it and wants to be shown it no more. */
  readonly taken?: boolean;
}

/** An op and who wrote it. */
export interface Carriage {
  readonly replica: string;
  readonly ctr: number;
  readonly bytes: Uint8Array;
  /** Of another's op: what its author signed, by which it is carried on. */
  readonly segment?: Segment | undefined;
}

/**
 * What a replica keeps of one stream on its disk. `cells` are exactly what the hub held at the
 * cursor; ops that are not among them yet lie on top, and are what a reader sees.
 */
export interface Hold {
  readonly stream: Stream;
  readonly cells: Map<string, Cell>;
  readonly marks: Map<string, Mark>;
  digest: Digest;
  cursor: Cursor | undefined;
  vector: Vector;
  /** How many ops it has written, and the hybrid time of the last. */
  ctr: number;
  hlcMs: number;
  /** A hub has all its ops up to here on its disk, and its parent those up to there. */
  ackedCtr: number;
  settledCtr: number;
  /** Its own ops, and those a peer handed over, by dot: until all hubs surely have them. */
  readonly ops: Map<string, Carriage>;
  readonly quarantine: Map<string, Quarantined>;
  /** Ops that are not in the cells yet, by cell and dot, in the order they came. */
  readonly overlay: Map<string, Map<string, Written>>;
  /** How many of the ops are whose. */
  readonly carried: Map<string, number>;
}

/** What changes together, on disk as in memory, or not at all. */
export interface Patch {
  readonly key: string;
  readonly cells?: ReadonlyMap<string, Cell | undefined>;
  readonly swap?: { cells: ReadonlyMap<string, Cell>; marks: ReadonlyMap<string, Mark> };
  readonly marks?: readonly Mark[];
  readonly at?: { readonly cursor: Cursor; readonly vector: Vector };
  readonly ops?: readonly Carriage[];
  readonly dropped?: readonly string[];
  readonly quarantined?: readonly Quarantined[];
  readonly released?: readonly string[];
  readonly ctr?: number;
  readonly hlcMs?: number;
  readonly ackedCtr?: number;
  readonly settledCtr?: number;
}

/** A stream of which nothing is known. */
export function newHold(stream: Stream): Hold {
  return {
    stream,
    cells: new Map(),
    marks: new Map(),
    digest: emptyDigest,
    cursor: undefined,
    vector: {},
    ctr: 0,
    hlcMs: 0,
    ackedCtr: 0,
    settledCtr: 0,
    ops: new Map(),
    quarantine: new Map(),
    overlay: new Map(),
    carried: new Map(),
  };
}

/** Carries a patch out; disk and memory do it alike. */
export function applyPatch(hold: Hold, patch: Patch): void {
  if (patch.swap !== undefined) swapIn(hold, patch.swap);
  for (const [key, cell] of patch.cells ?? []) keepCell(hold, key, cell);
  if (patch.at !== undefined) Object.assign(hold, patch.at);
  hold.ctr = patch.ctr ?? hold.ctr;
  hold.hlcMs = patch.hlcMs ?? hold.hlcMs;
  hold.ackedCtr = patch.ackedCtr ?? hold.ackedCtr;
  hold.settledCtr = patch.settledCtr ?? hold.settledCtr;
  for (const op of patch.ops ?? []) lay(hold, op);
  for (const each of patch.quarantined ?? []) {
    hold.quarantine.set(dotKey(dotOf(each.replica, each.ctr)), each);
    lift(hold, each.replica, each.ctr, each.ctr);
  }
  for (const mark of patch.marks ?? []) {
    lift(hold, mark.replica, (hold.marks.get(mark.replica)?.ctr ?? 0) + 1, mark.ctr);
    hold.marks.set(mark.replica, mark);
  }
  for (const key of patch.released ?? []) hold.quarantine.delete(key);
  for (const key of patch.dropped ?? []) drop(hold, key);
}

/** How much of a replica's ops the cells have. */
export function heldCtr({ marks }: Hold, replica: string): number {
  return marks.get(replica)?.ctr ?? 0;
}

function keepCell(hold: Hold, key: string, cell: Cell | undefined): void {
  hold.digest = redigested(hold.digest, hold.cells.get(key), cell);
  if (cell === undefined) hold.cells.delete(key);
  else hold.cells.set(key, cell);
}

function swapIn(hold: Hold, { cells, marks }: NonNullable<Patch["swap"]>): void {
  for (const key of hold.cells.keys()) keepCell(hold, key, undefined);
  for (const [key, cell] of cells) keepCell(hold, key, isBare(cell) ? undefined : cell);
  hold.marks.clear();
  for (const [replica, mark] of marks) hold.marks.set(replica, mark);
  hold.overlay.clear();
  for (const op of hold.ops.values()) lay(hold, op);
}

/** Keeps an op, on top of the cells as long as they lack it. */
function lay(hold: Hold, op: Carriage): void {
  const dot = dotOf(op.replica, op.ctr);
  const name = dotKey(dot);
  if (!hold.ops.has(name)) count(hold, op.replica, 1);
  hold.ops.set(name, op);
  if (op.ctr <= heldCtr(hold, op.replica) || hold.quarantine.has(name)) return;
  const key = cellKey(placeOf(dot, opOf(op.bytes)));
  const over = hold.overlay.get(key) ?? new Map<string, Written>();
  hold.overlay.set(key, over.set(name, { dot, bytes: op.bytes, unseen: [] }));
}

function drop(hold: Hold, name: string): void {
  const op = hold.ops.get(name);
  if (op === undefined) return;
  count(hold, op.replica, -1);
  lift(hold, op.replica, op.ctr, op.ctr);
  hold.ops.delete(name);
}

function count({ carried }: Hold, replica: string, more: number): void {
  const ops = (carried.get(replica) ?? 0) + more;
  if (ops === 0) carried.delete(replica);
  else carried.set(replica, ops);
}

/** Takes off what the cells have now. */
function lift({ ops, overlay }: Hold, replica: string, from: number, to: number): void {
  for (let ctr = from; ctr <= to; ctr++) {
    const name = dotKey(dotOf(replica, ctr));
    const op = ops.get(name);
    if (op === undefined) continue;
    const key = cellKey(placeOf(dotOf(replica, ctr), opOf(op.bytes)));
    const over = overlay.get(key);
    over?.delete(name);
    if (over?.size === 0) overlay.delete(key);
  }
}

/** A cell as a reader sees it: what the hub held, and on top what it does not have yet. */
export function seenCell(
  hold: Hold,
  key: string,
  written: (cell: Cell, op: Written) => Cell,
): Cell | undefined {
  const over = [...(hold.overlay.get(key) ?? [])];
  const places = new Map(over.map(([name], at) => [name, at]));
  let cell = hold.cells.get(key);
  for (const [at, [, op]] of over.entries()) {
    const said = opOf(op.bytes);
    const place = placeOf(op.dot, said);
    // Of what it supersedes, that which lies on top too and comes after it.
    const unseen = said.supersedes.filter((dot) => (places.get(dotKey(dot)) ?? -1) > at);
    cell = written(cell ?? emptyCell(place.record, place.field), { ...op, unseen });
  }
  return cell;
}
