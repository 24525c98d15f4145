import { create } from "@bufbuild/protobuf";
import {
  EntrySchema,
  Kind,
  Refusal,
  Slot,
  StreamSchema,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { anyTerms } from "@foedus/kernel/sync/charter.ts";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import type { Item, Log, LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import { stampOf } from "@foedus/kernel/sync/mark.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import type { Wish } from "@foedus/kernel/sync/spoke.state.ts";
import { expect, test } from "vitest";

/** A log to be tried, by the hub whose stamps it gives, and what only its driver can do. */
export interface Tried {
  readonly log: Log;
  readonly hub: string;
  truncate(kept: number): void | Promise<void>;
}

const minute = (30_000_000).toString(36);
const nowMs = 30_000_000 * 60_000;
const key = "acme/notes//world/1";
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const ref = { session: "s1", key };

/** A replica's key that is not too old. */
export const replicaCalled = (name: string) => `${minute}-${name}`;

type Open = () => Tried | Promise<Tried>;

/** What PostgreSQL and its twin in memory must do alike. */
export function acceptLog(open: Open): void {
  acceptOrder(open);
  acceptRefusals(open);
  acceptTerms(open);
  acceptRelays(open);
  acceptLeases(open);
  acceptFormerLeases(open);
  acceptReading(open);
}

function acceptOrder(open: Open): void {
  test("places follow each other without a gap, and so do stamps", async () => {
    const { log, hub } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y")]), push("b", 1, [put("x")])]);
    const { entries } = await page(log, 0);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(entries.map((entry) => stampOf(entry).ctr)).toEqual([1, 2, 3]);
    expect(new Set(entries.map((entry) => stampOf(entry).hub))).toEqual(new Set([hub]));
  });

  test("an op pushed twice has one place and one effect, and the second push hears so", async () => {
    const { log } = await open();
    const twice = push("a", 1, [add(5)]);
    await commit(log, [twice]);
    const [result] = await commit(log, [twice]);
    expect(result?.type === "push" && result.done.mark.ctr).toBe(1);
    expect((await page(log, 0)).entries).toHaveLength(1);
    expect((await part(log)).cells[0]?.sum).toBe(5n);
  });

  test("what was committed is known longer than the log is kept", async () => {
    const { log, ...tried } = await open();
    await commit(log, [push("a", 1, [add(5), add(6)])]);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(true);
    await commit(log, [push("a", 1, [add(5), add(6), add(7)])]);
    expect((await page(log, 2)).entries).toHaveLength(1);
    expect((await part(log)).cells[0]?.sum).toBe(18n);
  });

  test("ops of a replica are taken in order, or not at all", async () => {
    const { log } = await open();
    const [result] = await commit(log, [push("a", 2, [put("x")])]);
    expect(result?.type === "push" && result.done.gap).toBe(true);
    expect((await page(log, 0)).entries).toEqual([]);
  });
}

function acceptRefusals(open: Open): void {
  test("a refusal has a place and a reason, and does not hold up what follows", async () => {
    const { log } = await open();
    const late = put("x", { amount: Number.NaN });
    const [result] = await commit(log, [push("a", 1, [late, put("y")])]);
    const mark = result?.type === "push" ? result.done.mark : undefined;
    expect(mark?.ctr).toBe(2);
    expect(mark?.refused.map(({ refusal }) => Refusal[refusal])).toEqual(["MALFORMED"]);
    const { entries, epoch } = await page(log, 0);
    expect(epoch).toBe((await part(log)).standing.epoch);
    expect(entries.map(({ slot }) => Slot[slot])).toEqual(["REFUSED", "EFFECT"]);
    expect(entries[0]?.op).toHaveLength(0);
  });

  test("so many refusals of a replica are remembered, and what is sound is taken still", async () => {
    const { log } = await open();
    const [bad, max] = [new Uint8Array([255]), defaultLimits.refusedMax];
    await commit(log, [
      push(
        "a",
        1,
        Array.from({ length: max }, () => bad),
      ),
    ]);
    const [full] = await commit(log, [push("a", max + 1, [put("sound"), bad, put("late")])]);
    const done = full?.type === "push" ? full.done : undefined;
    expect(Refusal[done?.refusal ?? 0]).toBe("REFUSED_MAX");
    expect([done?.mark.ctr, done?.mark.refused.length]).toEqual([max + 1, max]);
    expect((await part(log)).standing.head).toBe(max + 1);
  });

  test("what one hub refused and another took is taken, whichever is heard first", async () => {
    for (const order of [0, 1]) {
      const { log } = await open();
      const taken = entry("eu-1", 1, "a", 1, Slot.EFFECT, add(3));
      const refused = entry("us-1", 1, "a", 1, Slot.REFUSED, new Uint8Array());
      const both = order === 0 ? [taken, refused] : [refused, taken];
      await commit(log, [relay(1, both)]);
      const { cells, marks } = await part(log);
      expect(cells[0]?.sum).toBe(3n);
      expect(marks[0]?.refused).toEqual([]);
    }
  });
}

function acceptTerms(open: Open): void {
  test("an op by a revision that is not taken is refused alone, by the terms of its push", async () => {
    const { log } = await open();
    const ops = [0, 1, 2, 3].map((schemaRevision) => put("x", { schemaRevision }));
    const terms = { revisionMin: 1, revisionMax: 2 };
    const [result, other] = await commit(log, [push("a", 1, ops, terms), push("b", 1, ops)]);
    const refused = result?.type === "push" ? result.done.mark.refused : [];
    const schema = { refusal: Refusal.SCHEMA };
    expect(refused).toMatchObject([
      { ctr: 1, ...schema },
      { ctr: 4, ...schema },
    ]);
    expect(other?.type === "push" && other.done.mark.refused).toEqual([]);
  });

  test("a push says in which fields it left values side by side", async () => {
    const { log } = await open();
    const sees = { supersedes: [dotOf(replicaCalled("a"), 1)] };
    const results = await commit(log, [
      push("a", 1, [put("x"), put("y")]),
      push("b", 1, [put("x", sees), put("y"), add(1)]),
    ]);
    const conflicts = results.map((each) => each.type === "push" && each.done.conflicts);
    expect(conflicts).toMatchObject([[], [{ record: "y", field: "" }]]);
  });

  test("a key that is too old, or says no time, is refused whole", async () => {
    const { log } = await open();
    for (const replica of ["1-old", "", "???"]) {
      const old = create(PushSchema, { stream, replica, ctrFrom: 1, ops: [put("x")] });
      const item = { type: "push", session: "s1", push: old, terms: anyTerms } as const;
      const [result] = await commit(log, [item]);
      expect(result?.type === "push" && Refusal[result.done.refusal]).toBe("REPLICA_EXPIRED");
    }
    expect((await page(log, 0)).entries).toEqual([]);
  });
}

function acceptRelays(open: Open): void {
  test("an op with two stamps has two places and one effect", async () => {
    const { log } = await open();
    await commit(log, [push("a", 1, [add(3)])]);
    await commit(log, [relay(1, [entry("eu-1", 1, "a", 1, Slot.EFFECT, add(3))])]);
    const { entries } = await page(log, 0);
    expect(entries.map(({ slot }) => Slot[slot])).toEqual(["EFFECT", "ALIAS"]);
    expect((await part(log)).cells[0]?.sum).toBe(3n);
  });

  test("stamps of another hub are taken in order, each once", async () => {
    const { log } = await open();
    const one = entry("eu-1", 1, "a", 1, Slot.EFFECT, put("x"));
    const three = entry("eu-1", 3, "a", 3, Slot.EFFECT, put("z"));
    const [result] = await commit(log, [relay(1, [one, one, three])]);
    expect(result?.type === "relay" && result.done).toEqual({ gap: true, known: 1 });
    expect((await page(log, 0)).entries).toHaveLength(1);
  });

  test("an entry says what its hub has not seen, and that is awaited", async () => {
    const { log } = await open();
    const unseen = dotOf(replicaCalled("b"), 1);
    await commit(log, [push("a", 1, [put("x", { supersedes: [unseen] })])]);
    expect((await page(log, 0)).entries[0]?.unseen.map(dotKey)).toEqual([dotKey(unseen)]);
    expect((await part(log)).cells[0]?.pending.map(dotKey)).toEqual([dotKey(unseen)]);
    await commit(log, [push("b", 1, [put("x")])]);
    const [cell] = (await part(log)).cells;
    expect(cell?.pending).toEqual([]);
    expect(cell?.siblings.map(({ dot }) => dot?.replica)).toEqual([replicaCalled("a")]);
  });
}

function acceptLeases(open: Open): void {
  test("a hub that follows holds back what it lacks, until its lease lapses", async () => {
    const { log, ...tried } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y")])]);
    await look(log, { child: "edge" });
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(false);
    const { epoch } = (await look(log, {})).standing;
    const lease = { type: "lease", key, peer: "edge", seq: 2, epoch, forGood: false } as const;
    await log.answer(lease, nowMs);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(true);
  });

  test("what the parent lacks is never forgotten, even before it was there", async () => {
    const { log, ...tried } = await open();
    await commit(log, [push("a", 1, [put("x")])], "global");
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(false);
  });

  test.each([
    ["the hub below", { peer: "global", forGood: true }],
    ["the parent", { peer: "edge", forGood: false }],
  ])("of a log that was followed before its first write, %s is held what comes", async (_, has) => {
    const { log, ...tried } = await open();
    await look(log, { child: "edge" });
    await commit(log, [push("a", 1, [put("x")])], "global");
    const { epoch } = (await look(log, {})).standing;
    await log.answer({ type: "lease", key, epoch, seq: 1, ...has }, nowMs);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(false);
  });

  test("who is no hub and looks at a log that nobody wrote to leaves nothing there", async () => {
    const { log, ...tried } = await open();
    const { standing } = await look(log, { parent: "global" });
    expect(standing).toMatchObject({ head: 0, vector: {} });
    const lease = { type: "lease", key, epoch: standing.epoch, seq: 0 } as const;
    await log.answer({ ...lease, peer: "global", forGood: true }, nowMs);
    await commit(log, [push("a", 1, [put("x")])]);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(true);
  });
}

function acceptFormerLeases(open: Open): void {
  test("what a former parent lacks is kept as long as for any hub that is away", async () => {
    const { log, ...tried } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y")])], "global");
    await look(log, { parent: "other" });
    const { epoch } = (await look(log, {})).standing;
    const lease = { type: "lease", key, epoch, seq: 2 } as const;
    await log.answer({ ...lease, peer: "other", forGood: true }, nowMs);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(false);
    await log.answer({ ...lease, peer: "global", forGood: false }, nowMs);
    await tried.truncate(0);
    expect((await page(log, 0)).gone).toBe(true);
  });

  test("a lease that comes late does not undo one that holds", async () => {
    const { log, ...tried } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y"), put("z")])], "global");
    const { epoch } = (await look(log, {})).standing;
    const lease = { type: "lease", key, peer: "global", epoch, forGood: true } as const;
    await log.answer({ ...lease, seq: 2 }, nowMs);
    await tried.truncate(0);
    await log.answer({ ...lease, seq: 1 }, nowMs);
    await tried.truncate(0);
    expect((await page(log, 2)).gone).toBe(false);
  });
}

function acceptReading(open: Open): void {
  test("a snapshot comes in parts, by key, with tombstones and marks", async () => {
    const { log } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y"), put("z")])]);
    const first = await part(log, undefined, 2);
    expect(first.cells.map(({ record }) => record)).toEqual(["x", "y"]);
    expect(first.last).toBe(false);
    const second = await part(log, "y\u0000", 2);
    expect(second.cells.map(({ record }) => record)).toEqual(["z"]);
    expect(second.marks.map(({ ctr }) => ctr)).toEqual([3]);
    expect(second.last).toBe(true);
  });

  test("where another hub's vector ends, the log goes on for it", async () => {
    const { log, hub } = await open();
    await commit(log, [push("a", 1, [put("x"), put("y"), put("z")])]);
    expect((await look(log, {}, { [hub]: 2 })).from).toBe(2);
    expect((await look(log, {}, { [hub]: 3 })).from).toBe(3);
    expect((await look(log, {}, {})).from).toBe(0);
  });
}

type Answered<T extends LogAnswer["type"]> = Extract<LogAnswer, { type: T }>;

async function ask<T extends LogAnswer["type"]>(
  log: Log,
  request: Extract<LogRequest, { type: T }>,
): Promise<Answered<T>> {
  return (await log.answer(request, nowMs)) as Answered<T>;
}

async function commit(log: Log, items: readonly Item[], parent?: string) {
  const above = parent === undefined ? {} : { parent };
  return (await ask(log, { type: "commit", key, items, ...above })).results;
}

function page(log: Log, after: number) {
  return ask(log, { type: "page", ref, after, bytesMax: 100_000, opsMax: 100 });
}

function part(log: Log, after?: string, cellsMax = 100) {
  return ask(log, { type: "part", ref, after, cellsMax });
}

function look(
  log: Log,
  hubs: { readonly parent?: string; readonly child?: string },
  vector: Readonly<Record<string, number>> = {},
) {
  const none = { parent: undefined, child: undefined };
  return ask(log, {
    type: "look",
    ref,
    tenant: "acme",
    stream,
    replica: "",
    vector,
    ...none,
    ...hubs,
  });
}

function put(record: string, more: Wish = {}): Uint8Array {
  return encodeOp({ kind: Kind.REG_MV, record, hlcMs: nowMs, ...more });
}

function add(amount: number): Uint8Array {
  return encodeOp({ kind: Kind.COUNTER, record: "sum", amount, hlcMs: nowMs });
}

function push(name: string, ctrFrom: number, ops: Uint8Array[], terms = anyTerms): Item {
  const value = create(PushSchema, { stream, replica: replicaCalled(name), ctrFrom, ops });
  return { type: "push", session: "s1", push: value, terms };
}

function relay(id: number, entries: Entry[]): Item {
  return { type: "relay", session: "s1", id, entries };
}

function entry(
  hub: string,
  at: number,
  name: string,
  ctr: number,
  slot: Slot,
  op: Uint8Array,
): Entry {
  const dot = dotOf(replicaCalled(name), ctr);
  const refusal = slot === Slot.REFUSED ? Refusal.CLOCK_AHEAD : Refusal.UNSPECIFIED;
  return create(EntrySchema, { stamp: { hub, ctr: at }, dot, slot, refusal, op });
}
