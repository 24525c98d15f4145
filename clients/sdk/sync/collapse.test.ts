import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { Collapse } from "./collapse.ts";
import { bytesCodec } from "./codec.ts";
import { fileDisk } from "./disk.file.store.ts";

const body = (first: number, length = 60) => new Uint8Array(length).fill(first);
const options = { codec: bytesCodec, overflow: "collapse" } as const;
const outboxBytesMax = 1_200;
/** What an op has beside its value: that is counted once it is written. */
const opRest = 60;
const key = "main/notes//world/2";

test("what was replaced before anybody was offered it makes room; what came last arrives", async () => {
  const hub = syncHub();
  const all = await replicaAt(hub, { outboxBytesMax });
  const other = (await replicaAt(hub)).collection("notes", options);
  const notes = all.collection("notes", options);
  await notes.put("n", { at: body(0) });
  await notes.settled();
  hub.cut();
  await expect.poll(() => all.status().connected).toBe(false);
  for (let at = 1; at <= 20; at++) await notes.put("n", { at: body(at) });
  for (const other of ["a", "b", "c"]) await notes.put(other, { at: body(1, 200) });
  expect(all.status().outboxOps).toBe(23);
  expect(all.status().outboxBytes).toBeLessThanOrEqual(outboxBytesMax + opRest);
  expect(notes.conflicts()).toEqual([]);
  expect(notes.get("n")?.fields["at"]).toEqual(body(20));
  hub.restore();
  await notes.settled();
  await expect.poll(() => other.get("n")?.fields["at"]).toEqual(body(20));
  expect([notes.conflicts(), other.conflicts()]).toEqual([[], []]);
  expect(all.status()).toMatchObject({ incident: undefined, outboxOps: 0, outboxBytes: 0 });
});

test("what was offered stays as it is, and without anything to let go a write is refused", async () => {
  const hub = syncHub();
  const all = await replicaAt(hub, { outboxBytesMax });
  const notes = all.collection("notes", options);
  await notes.put("n", { at: body(1) });
  await notes.settled();
  hub.cut();
  await expect.poll(() => all.status().connected).toBe(false);
  const { replica } = all.replica.state;
  expect(all.replica.offered.last(key, replica)).toBe(1);
  let full: unknown;
  for (let at = 1; full === undefined && at < 100; at++) {
    full = await notes.put(`r${at}`, { at: body(at) }).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  expect(full).toMatchObject({ reason: Reason.SYNC_OUTBOX_FULL });
  expect(all.status().outboxBytes + 60).toBeGreaterThan(outboxBytesMax);
});

test("an op is changed from the first on that nobody was offered, and once", async () => {
  const all = await replicaAt(undefined);
  const notes = all.collection("notes", options);
  for (let at = 1; at <= 10; at++) await notes.put("n", { at: body(at) });
  const { replica } = all.replica.state;
  const collapse = new Collapse(all.replica.hold(key));
  const changed = collapse.ops(replica, 4).map(({ ctr }) => ctr);
  expect(changed.toSorted((one, two) => one - two)).toEqual([5, 6, 7, 8, 9, 10]);
  expect(collapse.ops(replica, 4)).toEqual([]);
});

test.for([1, 2, 3, 4])("seed %i: all come to the same, whatever was let go", async (seed) => {
  const hub = syncHub();
  const kit = { outboxBytesMax: 600 };
  const all = await Promise.all([replicaAt(hub, kit), replicaAt(hub, kit), replicaAt(hub, kit)]);
  const chance = chanceOf(seed);
  let expected = 0;
  for (let round = 0; round < 200; round++) {
    const notes = all[chance(all.length)]?.collection("notes", { overflow: "collapse" });
    const record = `r${chance(2)}`;
    const [is, by] = [chance(12), chance(9)];
    const full = () => undefined;
    if (is === 0) hub.cut();
    else if (is === 1) hub.restore();
    else if (is === 2) await notes?.remove(record, "title").catch(full);
    else if (is < 5) await notes?.increment("sum", "n", by).then(() => (expected += by), full);
    else if (is < 7) await notes?.addTo("set", record, `${round}`).catch(full);
    else await notes?.put(record, { title: `${round}`.padStart(40, "x") }).catch(full);
  }
  hub.restore();
  for (const each of all) await each.collection("notes").settled();
  const faces = () => all.map(({ replica }) => replica.hold(key).digest.sum);
  await expect.poll(() => new Set(faces()).size).toBe(1);
  const [first, ...others] = all.map((each) => each.collection("notes").list());
  for (const each of others) expect(each).toEqual(first);
  expect(first?.find(({ record }) => record === "sum")?.counts["n"] ?? 0).toBe(expected);
});

/** The same numbers for the same seed. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % below;
  };
}

test("amounts add up in the last of them, and count once everywhere", async () => {
  const hub = syncHub();
  hub.cut();
  const all = await replicaAt(hub, { outboxBytesMax: 2_000 });
  const other = (await replicaAt(hub)).collection("notes");
  const votes = all.collection("notes", { overflow: "collapse" });
  const first = "a record with a name that takes some room";
  for (let at = 0; at < 25; at++) await votes.increment(first, "votes", 3);
  const before = all.status().outboxBytes;
  for (let at = 0; at < 10; at++) await votes.put("r", { of: "x".repeat(60) });
  expect(all.status().outboxBytes).toBeLessThanOrEqual(2_000);
  expect(before).toBeGreaterThan(1_500);
  expect(votes.get(first)?.counts).toEqual({ votes: 75 });
  hub.restore();
  await votes.settled();
  await expect.poll(() => other.get(first)?.counts).toEqual({ votes: 75 });
  await votes.increment(first, "votes", 1);
  await expect.poll(() => other.get(first)?.counts).toEqual({ votes: 76 });
});

test("a value that another replaced meanwhile stays in conflict with the last, and no other", async () => {
  const hub = syncHub();
  const [all, abroad] = [await replicaAt(hub, { outboxBytesMax }), await replicaAt(hub)];
  const [notes, others] = [all, abroad].map((each) => each.collection("notes", options));
  if (notes === undefined || others === undefined) throw new Error("two of them write");
  await notes.put("n", { at: body(200) });
  await expect.poll(() => others.get("n")?.fields["at"]).toEqual(body(200));
  hub.cut();
  await expect.poll(() => all.status().connected).toBe(false);
  for (let at = 1; at <= 20; at++) await notes.put("n", { at: body(at) });
  await others.put("n", { at: body(100) });
  hub.restore();
  await expect.poll(() => notes.conflicts().length + others.conflicts().length).toBe(2);
  for (const each of [notes, others]) {
    const [conflict] = each.conflicts();
    const firsts = conflict?.values.map(({ bytes }) => bytes[0]);
    expect(new Set(firsts)).toEqual(new Set([100, 20]));
  }
});

test("what made room is on the disk as well, and what it held then is offered as it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "foedus-collapse-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const disk = () => fileDisk(join(folder, "sync.db"));
  const hub = syncHub();
  const before = await replicaAt(undefined, { disk: disk(), outboxBytesMax });
  for (let at = 1; at <= 20; at++)
    await before.collection("notes", options).put("n", { at: body(at) });
  const { outboxOps, outboxBytes } = before.status();
  await before.close();
  const after = await replicaAt(hub, { disk: disk(), outboxBytesMax });
  expect(after.replica.offered.last(key, after.replica.state.replica)).toBe(20);
  const notes = after.collection("notes", options);
  expect(notes.get("n")?.fields["at"]).toEqual(body(20));
  await notes.settled();
  const other = (await replicaAt(hub)).collection("notes", options);
  await expect.poll(() => other.get("n")?.fields["at"]).toEqual(body(20));
  expect([outboxOps, outboxBytes <= outboxBytesMax + opRest]).toEqual([20, true]);
});

test("a node with peers lets go of nothing: they may have been shown it", async () => {
  const all = await replicaAt(undefined, { outboxBytesMax: 200, shown: true });
  const notes = all.collection("notes", options);
  await notes.put("n", { at: body(1) });
  const full = notes.put("n", { at: body(2, 150) });
  await expect(full).rejects.toMatchObject({ reason: Reason.SYNC_OUTBOX_FULL });
});
