import { create } from "@bufbuild/protobuf";
import {
  CellNameSchema,
  Refusal,
  Slot,
  type Cell,
  type CellName,
  type Dot,
  type Entry,
  type Mark,
  type Stamp,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell, isBare } from "./cell.ts";
import { isTaken, type Terms } from "./charter.ts";
import { dotOf } from "./dot.ts";
import { clashOf, refusalOf } from "./ingress.ts";
import type { Limits } from "./limits.ts";
import type { Item } from "./log.ts";
import { dotOfEntry, emptyMark, isRefused, marked, stampOf } from "./mark.ts";
import { cellKey, keyOf, opOf, placeOf } from "./op.ts";
import { issuedMs } from "./replica.ts";
import type { Rules } from "./rules.ts";
import type { Shelf } from "./shelf.ts";
import { covers } from "./vector.ts";

/** What a commit needs beside the rows: who stamps, by which rules, and when. */
export interface Clerk {
  /** The hub's incarnation. */
  readonly hub: string;
  readonly rules: Rules;
  readonly limits: Limits;
  readonly nowMs: number;
}

type PushItem = Pick<Extract<Item, { type: "push" }>, "push" | "terms">;

/** What became of a push. */
export interface Pushed {
  readonly mark: Mark;
  readonly gap: boolean;
  readonly refusal: Refusal;
  /** The last place at which an op of it stands; 0 for none. */
  readonly seq: number;
  /** Fields in which it met a concurrent value. */
  readonly conflicts: readonly CellName[];
}

/** Entries are written out instead of made by `create`: each op of a commit makes two. */
const plain = { $typeName: "foedus.sync.v1.Entry" } as const;

/** Stamps the ops of one replica in their order, each once; what is refused takes a place too. */
export function admitPush(shelf: Shelf, clerk: Clerk, { push, terms }: PushItem): Pushed {
  const { replica, ctrFrom, ops } = push;
  const { limits } = clerk;
  const conflicts = new Map<string, CellName>();
  const markNow = () => shelf.markOf(replica) ?? emptyMark(replica);
  const answer = (rest: Partial<Pushed>): Pushed => {
    const whole = { mark: markNow(), gap: false, refusal: Refusal.UNSPECIFIED, seq: shelf.head };
    return { ...whole, conflicts: [...conflicts.values()], ...rest };
  };
  if (isExpired(replica, clerk)) return answer({ refusal: Refusal.REPLICA_EXPIRED });
  for (const [at, bytes] of ops.entries()) {
    const dot = dotOf(replica, ctrFrom + at);
    if (clerk.rules.isKnown(markNow(), dot.ctr)) continue;
    if (!clerk.rules.goesOn(markNow().ctr, dot.ctr - 1)) return answer({ gap: true });
    const ctr = (shelf.vector[clerk.hub] ?? 0) + 1;
    if (shelf.head >= limits.counterMax || ctr > limits.counterMax) {
      return answer({ refusal: Refusal.STREAM_FULL });
    }
    const refusal = judged(shelf, clerk, terms, dot, bytes);
    if (refusal !== Refusal.UNSPECIFIED && markNow().refused.length >= limits.refusedMax) {
      return answer({ refusal: Refusal.REFUSED_MAX });
    }
    const slot = refusal === Refusal.UNSPECIFIED ? Slot.EFFECT : Slot.REFUSED;
    const stamp: Stamp = { $typeName: "foedus.sync.v1.Stamp", hub: clerk.hub, ctr };
    const said = { stamp, dot, slot, refusal, unseen: [], op: bytes };
    const cell = place(shelf, clerk, { ...plain, seq: 0, ...said });
    if (cell !== undefined) noteConflict(conflicts, cell);
  }
  return answer({});
}

/** Values side by side in what an op has just changed: its author did not know of all of them. */
function noteConflict(conflicts: Map<string, CellName>, cell: Cell): void {
  const { record, field, siblings } = cell;
  if (siblings.length <= 1 && conflicts.size === 0) return;
  const name = cellKey(cell);
  if (siblings.length > 1) conflicts.set(name, create(CellNameSchema, { record, field }));
  else conflicts.delete(name);
}

function isExpired(replica: string, { limits, nowMs }: Clerk): boolean {
  return !(issuedMs(replica) >= nowMs - limits.dedupeMs);
}

function judged(shelf: Shelf, clerk: Clerk, terms: Terms, dot: Dot, bytes: Uint8Array): Refusal {
  const refusal = refusalOf(bytes, clerk.limits, clerk.nowMs);
  if (refusal !== Refusal.UNSPECIFIED) return refusal;
  const op = opOf(bytes);
  if (!isTaken(terms, op.schemaRevision)) return Refusal.SCHEMA;
  return clashOf(op, shelf.cellOf(keyOf(dot, bytes)), clerk.limits);
}

/** What became of another hub's entries. */
export interface Relayed {
  /** A stamp is missing before one of them: nothing after it was taken. */
  readonly gap: boolean;
  /** How many it had already. */
  readonly known: number;
}

/** Takes what another hub stamped, in the order of its stamps, each once. */
export function admitRelay(shelf: Shelf, clerk: Clerk, entries: readonly Entry[]): Relayed {
  let known = 0;
  for (const entry of entries) {
    const stamp = stampOf(entry);
    if (covers(shelf.vector, stamp)) {
      known++;
      continue;
    }
    if (!clerk.rules.goesOn(shelf.vector[stamp.hub] ?? 0, stamp.ctr - 1)) {
      return { gap: true, known };
    }
    place(shelf, clerk, entry);
  }
  return { gap: false, known };
}

/**
 * Gives an entry the next place, and lets its op have its effect if it has not had it.
 * @returns The cell that it changed, if any.
 */
export function place(shelf: Shelf, clerk: Clerk, entry: Entry): Cell | undefined {
  const dot = dotOfEntry(entry);
  const mark = shelf.markOf(dot.replica) ?? emptyMark(dot.replica);
  const slot = slotOf(clerk.rules, mark, entry);
  const hasEffect = slot === Slot.EFFECT;
  const placed = {
    ...plain,
    seq: shelf.head + 1,
    stamp: entry.stamp,
    dot,
    slot,
    refusal: slot === Slot.REFUSED ? entry.refusal : Refusal.UNSPECIFIED,
    unseen: hasEffect ? [...unseenOf(shelf, clerk.rules, entry)] : [],
    op: hasEffect ? entry.op : new Uint8Array(),
  };
  const changed = hasEffect ? takeEffect(shelf, clerk.rules, placed) : undefined;
  shelf.keepMark(marked(mark, placed));
  shelf.append(placed);
  return changed;
}

function slotOf(rules: Rules, mark: Mark, entry: Entry): Slot {
  const { ctr } = dotOfEntry(entry);
  const known = rules.isKnown(mark, ctr);
  if (entry.slot === Slot.REFUSED) {
    return known && !isRefused(mark, ctr) ? Slot.ALIAS : Slot.REFUSED;
  }
  if (entry.slot !== Slot.EFFECT) return Slot.ALIAS;
  return known && !isRefused(mark, ctr) ? Slot.ALIAS : Slot.EFFECT;
}

function unseenOf(shelf: Shelf, rules: Rules, entry: Entry): readonly Dot[] {
  const missing = opOf(entry.op).supersedes.filter(({ replica, ctr }) => {
    const mark = shelf.markOf(replica);
    return mark === undefined || ctr > mark.ctr || isRefused(mark, ctr);
  });
  return rules.unseen(missing);
}

function takeEffect(shelf: Shelf, rules: Rules, { dot, op, unseen }: Entry): Cell {
  if (dot === undefined) throw new Error("an entry without a dot");
  const key = keyOf(dot, op);
  const { record, field } = placeOf(dot, opOf(op));
  const before = shelf.cellOf(key) ?? emptyCell(record, field);
  const after = rules.written(before, { dot, bytes: op, unseen });
  shelf.keepCell(key, isBare(after) ? undefined : after);
  return after;
}
