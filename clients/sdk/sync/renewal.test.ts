import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { worldOff } from "../../../tests/support/federated.ts";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { fileDisk } from "./disk.file.store.ts";

const dayMs = 86_400_000;
const world = realWorld;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-sync-"));
  file = join(folder, "sync.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a key that grows old is replaced once nothing hangs on it, and all still counts once", async () => {
  const hub = syncHub();
  const old = await replicaAt(hub, { disk: fileDisk(file), world: worldOff(-8 * dayMs) });
  const before = old.status().replica;
  await old.collection("notes").increment("n", "count", 2);
  await old.collection("notes").put("n", { title: "first" });
  await old.collection("notes").settled("parent");
  // What is not in the hub's log as it came back still hangs on the key.
  await expect.poll(() => old.collection("notes").status().seq).toBe(2);
  await old.close();
  const all = await replicaAt(hub, { disk: fileDisk(file), world });
  const notes = all.collection("notes");
  expect(all.status().replica).not.toBe(before);
  await notes.increment("n", "count", 3);
  await notes.put("n", { title: "second" });
  await notes.settled("parent");
  expect(notes.get("n")).toMatchObject({ counts: { count: 5 }, fields: { title: "second" } });
  expect(notes.conflicts()).toEqual([]);
  const { replica, holds } = all.replica.state;
  await all.close();
  const loaded = await fileDisk(file).load("another");
  expect(loaded.replica).toBe(replica);
  expect([...loaded.holds.values()].map(({ ctr, ops }) => [ctr, ops.size])).toEqual([[2, 2]]);
  expect(loaded.holds).toEqual(holds);
});

test("a key is kept for seven days, and as long as something waits under it", async () => {
  const hub = syncHub();
  for (const [daysAgo, hubThen, isKept] of [
    [6.9, hub, true],
    [7.1, hub, false],
    [7.1, undefined, true],
  ] as const) {
    const own = join(folder, `${daysAgo}-${isKept}.db`);
    const old = await replicaAt(hubThen, {
      disk: fileDisk(own),
      world: worldOff(-daysAgo * dayMs),
    });
    const notes = old.collection("notes");
    const before = hub.log.shelf("main/notes//world/2").head;
    await notes.put("n", { title: "waits" });
    if (hubThen !== undefined) await expect.poll(() => notes.status().seq).toBe(before + 1);
    const { replica } = old.status();
    await old.close();
    const all = await replicaAt(undefined, { disk: fileDisk(own), world });
    expect(all.status().replica === replica).toBe(isKept);
  }
});

test("what was written under a key that hubs remember no more is in quarantine, the rest goes on", async () => {
  const hub = syncHub();
  const old = await replicaAt(undefined, { disk: fileDisk(file), world: worldOff(-31 * dayMs) });
  await old.collection("notes").put("lost", { title: "too late" });
  await old.close();
  const all = await replicaAt(hub, { disk: fileDisk(file), world });
  const notes = all.collection("notes");
  await expect.poll(() => notes.quarantine()).toHaveLength(1);
  expect(notes.quarantine()[0]).toMatchObject({
    refusal: Refusal.REPLICA_EXPIRED,
    value: "too late",
  });
  await expect.poll(() => all.status().replica !== old.status().replica).toBe(true);
  await notes.put("new", { title: "in time" });
  await notes.settled("parent");
  expect(notes.list().map(({ record }) => record)).toEqual(["new"]);
});
