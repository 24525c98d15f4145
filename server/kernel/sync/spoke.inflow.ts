import { Slot, type Cell, type Entry, type Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Batch, Checkpoint, SnapshotPart } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { emptyCell, isBare } from "./cell.ts";
import { dotKey } from "./dot.ts";
import { framed } from "./frame.ts";
import type { Hold, Patch } from "./hold.ts";
import { dotOfEntry, emptyMark, isKnown, isRefused, marked } from "./mark.ts";
import { cellKey, opOf, placeOf } from "./op.ts";
import { burnt, hello, save } from "./spoke.open.ts";
import type { Link, SpokeEffect, SpokeState } from "./spoke.state.ts";
import { isExact, stageEntry, stagePart, stageTo } from "./staging.ts";
import { joined } from "./vector.ts";

/** A part of the log: data and cursor are saved together, and only then acknowledged. */
export function onBatch(state: SpokeState, batch: Batch): readonly SpokeEffect[] {
  const open = openAt(state, batch.stream);
  if (open === undefined) return [];
  const { key, hold, link } = open;
  if (batch.entries.some((entry) => isBeyond(state, hold, entry))) return burnt(state, key);
  if (link.staging !== undefined) return staged(state, open, batch);
  const seq = hold.cursor?.seq ?? 0;
  const isStale = link.mode !== "LIVE" || batch.epoch !== hold.cursor?.epoch || batch.seqTo <= seq;
  if (isStale) return ack(state, open, batch);
  if (!state.rules.goesOn(seq, batch.seqFrom)) return cut(state, "places are missing");
  const fresh = batch.entries.filter((entry) => entry.seq > seq);
  if (fresh.some((entry) => isLost(hold, entry))) return startOver(state, open);
  const cursor = { ...hold.cursor, epoch: batch.epoch, seq: batch.seqTo } as const;
  const vector = joined(hold.vector, batch.vector);
  const changed = changesOf(state, hold, fresh);
  learn(link, changed.marks ?? []);
  const place = { cursor: { $typeName: "foedus.sync.v1.Cursor" as const, ...cursor }, vector };
  return [
    ...state.rules.saves({ key, ...changed, at: place }).map((patch) => save(hold, patch)),
    ...ack(state, open, batch),
  ];
}

/** An op under its own key that it has never written. */
function isBeyond({ replica }: SpokeState, { ctr }: Hold, entry: Entry): boolean {
  const dot = dotOfEntry(entry);
  return dot.replica === replica && dot.ctr > ctr;
}

/** What the hub's log shows, the hub knows: nothing of it need be offered again. */
function learn({ known }: Link, marks: Iterable<Mark>): void {
  for (const { replica, ctr } of marks) {
    const before = known.get(replica);
    if (before !== undefined && before < ctr) known.set(replica, ctr);
  }
}

/** What entries change: cells, marks, and ops that need not be carried any longer. */
function changesOf(state: SpokeState, hold: Hold, entries: readonly Entry[]): Partial<Patch> {
  const cells = new Map<string, Cell | undefined>();
  const marks = new Map<string, Mark>();
  const [dropped, released]: [string[], string[]] = [[], []];
  for (const entry of entries) {
    const dot = dotOfEntry(entry);
    const bytes = bytesOf(hold, entry);
    const mark = marks.get(dot.replica) ?? hold.marks.get(dot.replica) ?? emptyMark(dot.replica);
    marks.set(dot.replica, marked(mark, entry));
    if (dot.replica !== state.replica) dropped.push(dotKey(dot));
    if (entry.slot !== Slot.EFFECT) continue;
    released.push(dotKey(dot));
    const where = placeOf(dot, opOf(bytes));
    const key = cellKey(where);
    const before = cells.has(key) ? cells.get(key) : hold.cells.get(key);
    const from = before ?? emptyCell(where.record, where.field);
    const after = state.rules.written(from, { dot, bytes, unseen: entry.unseen });
    cells.set(key, isBare(after) ? undefined : after);
  }
  return { cells, marks: [...marks.values()], dropped, released };
}

/** An author's own op comes back without its bytes. */
function bytesOf({ ops, quarantine }: Hold, entry: Entry): Uint8Array {
  if (entry.op.length > 0 || entry.slot !== Slot.EFFECT) return entry.op;
  const name = dotKey(dotOfEntry(entry));
  return ops.get(name)?.bytes ?? quarantine.get(name)?.bytes ?? entry.op;
}

/** An op of its own that it keeps no longer, and that came without its bytes. */
function isLost(hold: Hold, entry: Entry): boolean {
  return entry.slot === Slot.EFFECT && bytesOf(hold, entry).length === 0;
}

/** What it cannot build from places it takes whole: a snapshot follows. */
function startOver(state: SpokeState, { key, hold }: Open): readonly SpokeEffect[] {
  hold.cursor = undefined;
  return hello(state, key);
}

/** A part of a snapshot. */
export function onPart(state: SpokeState, part: SnapshotPart): readonly SpokeEffect[] {
  const open = openAt(state, part.stream);
  if (open === undefined) return [];
  const { staging } = open.link;
  if (staging === undefined) return ack(state, open, part);
  stagePart(staging, part);
  return [...swapIfExact(state, open), ...ack(state, open, part)];
}

/** The log goes on while a snapshot comes in. */
function staged(state: SpokeState, open: Open, batch: Batch): readonly SpokeEffect[] {
  const { hold, link } = open;
  const { staging } = link;
  if (staging === undefined) return [];
  if (!state.rules.goesOn(staging.cursor.seq, batch.seqFrom)) {
    return cut(state, "places are missing");
  }
  const fresh = batch.entries.filter(({ seq }) => seq > staging.cursor.seq);
  if (fresh.some((entry) => isLost(hold, entry))) return startOver(state, open);
  for (const entry of fresh) stageEntry(staging, state.rules, entry, bytesOf(hold, entry));
  stageTo(staging, batch.seqTo, batch.vector);
  return [...swapIfExact(state, open), ...ack(state, open, batch)];
}

/** A snapshot replaces all cells at once; ops that it lacks stay on top. */
function swapIfExact(state: SpokeState, { key, hold, link }: Open): SpokeEffect[] {
  const { staging } = link;
  if (staging === undefined || !isExact(staging)) return [];
  link.staging = undefined;
  link.mode = "LIVE";
  const cells = state.rules.afterSnapshot(hold.cells, staging.cells);
  const swap = { cells, marks: staging.marks };
  learn(link, staging.marks.values());
  const at = { cursor: staging.cursor, vector: staging.vector };
  const had = (replica: string) => staging.marks.get(replica)?.ctr ?? 0;
  // A hub that lost its disk refuses what it once had, too.
  for (const [replica, bar] of link.barred) bar.to = Math.min(bar.to, had(replica));
  const dropped = notCarriedOn(state, hold, had);
  return [save(hold, { key, swap, at, dropped, released: takenAfterAll(hold, staging.marks) })];
}

/**
 * Others' ops that a snapshot has, or that do not go on from it: a hub that lost its disk lacks
 * what was before them, which only their author can bring, and then brings them too.
 */
function notCarriedOn(state: SpokeState, hold: Hold, had: (replica: string) => number): string[] {
  const reaches = new Map<string, number>();
  for (const replica of hold.carried.keys()) {
    let reach = had(replica);
    while (hold.ops.has(dotKey({ replica, ctr: reach + 1 }))) reach++;
    reaches.set(replica, reach);
  }
  return [...hold.ops.values()]
    .filter(({ replica }) => replica !== state.replica)
    .filter(({ replica, ctr }) => ctr <= had(replica) || ctr > (reaches.get(replica) ?? 0))
    .map(dotKey);
}

/** What one hub refused and a snapshot says another has taken. */
function takenAfterAll({ quarantine }: Hold, marks: ReadonlyMap<string, Mark>): string[] {
  return [...quarantine].flatMap(([name, { replica, ctr }]) => {
    const mark = marks.get(replica);
    return mark !== undefined && isKnown(mark, ctr) && !isRefused(mark, ctr) ? [name] : [];
  });
}

/** Compares: whoever holds exactly so much of the log must hold the same. */
export function onCheckpoint(
  state: SpokeState,
  { stream, cursor, cells, digest }: Checkpoint,
): readonly SpokeEffect[] {
  const open = openAt(state, stream);
  if (open === undefined) return [];
  const { key, hold } = open;
  const isThere = hold.cursor?.epoch === cursor?.epoch && hold.cursor?.seq === cursor?.seq;
  if (open.link.mode !== "LIVE" || !isThere) return [];
  if (hold.digest.cells === cells && hold.digest.sum === digest) return [];
  return [{ type: "incident", reason: "DIGEST_DIFFERS", key }, ...startOver(state, open)];
}

interface Open {
  readonly key: string;
  readonly hold: Hold;
  readonly link: Link;
}

/** The stream of a frame, if it is open here and its zone is this replica's. */
function openAt(state: SpokeState, stream: Batch["stream"]): Open | undefined {
  if (stream === undefined || !state.rules.mayHold(state.zones, stream)) return undefined;
  const key = state.rules.keyOf(state.tenant, stream);
  const hold = state.holds.get(key);
  const link = state.links.get(key);
  return hold === undefined || link === undefined ? undefined : { key, hold, link };
}

/** Every frame is acknowledged, also one that brought nothing new: its bytes are credit. */
function ack(state: SpokeState, { hold }: Open, frame: Batch | SnapshotPart): SpokeEffect[] {
  const { session, rules } = state;
  const count = "entries" in frame ? frame.entries.length : frame.cells.length;
  if (session === undefined || !rules.acknowledges(count)) return [];
  const { id } = frame;
  const said = framed({ case: "batchAck", value: { stream: hold.stream, id } });
  return [{ type: "send", session, frame: said }];
}

function cut(state: SpokeState, reason: string): SpokeEffect[] {
  const { session } = state;
  if (session === undefined) return [];
  state.session = undefined;
  return [{ type: "close", session, reason }];
}
