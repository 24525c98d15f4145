import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { worldOff } from "../../../tests/support/federated.ts";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";

const tenMinutesMs = 600_000;

test("a clock that is ahead, or is put ahead later, refuses nothing once a hub has told the time", async () => {
  const hub = syncHub();
  const world = worldOff(tenMinutesMs);
  const all = await replicaAt(hub, { world });
  const notes = all.collection("notes");
  await expect.poll(() => all.status().connected).toBe(true);
  await notes.put("n", { a: 1 });
  await notes.settled("parent");
  expect(notes.quarantine()).toEqual([]);
  expect(notes.get("n")?.fields).toEqual({ a: 1 });
});

test("what was written before any hub told the time is written once more, and counts once", async () => {
  const hub = syncHub();
  hub.cut();
  const all = await replicaAt(hub, { world: worldOff(tenMinutesMs) });
  const notes = all.collection("notes");
  await notes.put("n", { title: "first" });
  await notes.put("n", { title: "second" });
  await notes.increment("n", "count", 3);
  hub.restore();
  const other = (await replicaAt(hub)).collection("notes");
  const shown = { fields: { title: "second" }, counts: { count: 3 }, conflicts: [] };
  await expect.poll(() => other.get("n")).toMatchObject(shown);
  await notes.settled("parent");
  expect(notes.get("n")).toMatchObject(shown);
  expect(notes.quarantine()).toEqual([]);
});

test("a clock that is right and a hub whose clock is behind: refused by name, and not tried for ever", async () => {
  const hub = syncHub("hub-1", { aheadMsMax: -tenMinutesMs });
  const notes = (await replicaAt(hub)).collection("notes");
  await notes.put("n", { a: 1 });
  await expect.poll(() => notes.quarantine()).toHaveLength(1);
  expect(notes.quarantine()[0]?.refusal).toBe(Refusal.CLOCK_AHEAD);
  await notes.settled();
  expect(notes.status().outboxOps).toBe(0);
});
