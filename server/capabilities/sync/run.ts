import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { LateSchema, RunSchema, type Run } from "@foedus/gen/foedus/sync/v1/sync_store_pb.js";
import { Refusal, Slot, type Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotOfEntry, stampOf } from "@foedus/kernel/sync/mark.ts";

/** Places of a log in a row, as they are stored: their stamps are of one hub, without a gap. */
export interface RunRow {
  /** The last place. */
  readonly seq: number;
  readonly firstSeq: number;
  readonly hub: string;
  /** The last stamp. */
  readonly ctr: number;
  readonly body: Uint8Array;
}

/** So that a row stays in its page: PostgreSQL moves what is longer than 2,000 bytes elsewhere. */
const runBytesMax = 1_600;
const entryBytes = 4;

/** Entries that follow each other, as rows. */
export function runsOf(entries: readonly Entry[]): RunRow[] {
  const runs: RunRow[] = [];
  let from = 0;
  let bytes = 0;
  for (let at = 1; at <= entries.length; at++) {
    const [before, next] = [entries[at - 1], entries[at]];
    if (before === undefined) continue;
    bytes += before.op.length + entryBytes;
    const goesOn = next !== undefined && follows(before, next);
    if (goesOn && bytes + next.op.length <= runBytesMax) continue;
    runs.push(runOf(entries.slice(from, at)));
    [from, bytes] = [at, 0];
  }
  return runs;
}

function follows(before: Entry, next: Entry): boolean {
  const [one, two] = [stampOf(before), stampOf(next)];
  return one.hub === two.hub && one.ctr + 1 === two.ctr;
}

const refusalFactor = 16;

function runOf(entries: readonly Entry[]): RunRow {
  const run = create(RunSchema);
  const authors = new Map<string, { readonly index: number; ctr: number }>();
  for (const [index, entry] of entries.entries()) {
    const { replica, ctr } = dotOfEntry(entry);
    const author = authors.get(replica) ?? { index: authors.size, ctr: 0 };
    authors.set(replica, author);
    run.authors.push(author.index);
    // Signed 32 bits: a step over half of all numbers goes round.
    run.ctrs.push((ctr - author.ctr) | 0);
    author.ctr = ctr;
    run.slots.push(entry.slot + refusalFactor * entry.refusal);
    run.ops.push(entry.op);
    if (entry.unseen.length > 0) run.late.push(create(LateSchema, { index, dots: entry.unseen }));
  }
  run.replicas = [...authors.keys()];
  if (authors.size === 1) run.authors = [];
  if (entries.every(isPlain)) run.slots = [];
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) throw new Error("a run without a place");
  const { hub, ctr } = stampOf(last);
  return { seq: last.seq, firstSeq: first.seq, hub, ctr, body: toBinary(RunSchema, run) };
}

function isPlain({ slot, refusal }: Entry): boolean {
  return slot === Slot.EFFECT && refusal === Refusal.UNSPECIFIED;
}

/** The entries of a row, in order. */
export function entriesOf(row: RunRow): Entry[] {
  const run = fromBinary(RunSchema, row.body);
  const last = new Map<string, number>();
  const count = run.ops.length;
  const entries = run.ops.map((op, at): Entry => {
    const replica = run.replicas[run.authors[at] ?? 0] ?? "";
    const ctr = ((last.get(replica) ?? 0) + (run.ctrs[at] ?? 0)) >>> 0;
    last.set(replica, ctr);
    return entryOf(row, replica, ctr, { op, at, count, slot: run.slots[at] ?? Slot.EFFECT });
  });
  return withLate(entries, run);
}

// Written out instead of made by `create`: a reader that catches up waits for this alone.
function entryOf(
  { firstSeq, hub, ctr: lastStamp }: RunRow,
  replica: string,
  ctr: number,
  { op, at, count, slot }: { op: Uint8Array; at: number; count: number; slot: number },
): Entry {
  return {
    $typeName: "foedus.sync.v1.Entry",
    seq: firstSeq + at,
    stamp: { $typeName: "foedus.sync.v1.Stamp", hub, ctr: lastStamp - count + 1 + at },
    dot: { $typeName: "foedus.sync.v1.Dot", replica, ctr },
    slot: slot % refusalFactor,
    refusal: Math.floor(slot / refusalFactor),
    unseen: [],
    op,
  };
}

function withLate(entries: Entry[], { late }: Run): Entry[] {
  for (const { index, dots } of late) {
    const entry = entries[index];
    if (entry !== undefined) entry.unseen = dots;
  }
  return entries;
}
