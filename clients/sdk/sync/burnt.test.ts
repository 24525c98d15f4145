import { createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { FoedusError } from "../error.ts";
import { duplexCarrier } from "./carrier.duplex.ts";
import type { Carrier } from "./carrier.ts";
import { fileDisk } from "./disk.file.store.ts";

let folder: string;
let [file, backup] = ["", ""];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-sync-"));
  [file, backup] = [join(folder, "sync.db"), join(folder, "backup.db")];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A hub that has three writes of a replica whose disk was put back to the first. */
async function putBack() {
  const hub = syncHub();
  const first = await replicaAt(hub, { disk: fileDisk(file) });
  await first.collection("notes").put("one", { text: "one" });
  await first.collection("notes").settled("parent");
  await first.close();
  copyFileSync(file, backup);
  const second = await replicaAt(hub, { disk: fileDisk(file) });
  await second.collection("notes").put("two", { text: "two" });
  await second.collection("notes").put("three", { text: "three" });
  await second.collection("notes").settled("parent");
  await second.close();
  copyFileSync(backup, file);
  return { hub, before: first.status().replica };
}

test("what is written after a disk was put back reaches the hub under a new key, and what was lost comes back", async () => {
  const { hub, before } = await putBack();
  const all = await replicaAt(hub, { disk: fileDisk(file) });
  const notes = all.collection("notes");
  await expect.poll(() => all.status().replica).not.toBe(before);
  expect(all.status().incident).toMatchObject({ reason: "KEY_BURNT", stream: notesKey });
  await notes.put("a", { text: "new" });
  await notes.put("b", { text: "new" });
  await notes.settled("parent");
  const other = (await replicaAt(hub)).collection("notes");
  const names = ["a", "b", "one", "three", "two"];
  for (const each of [other, notes]) {
    await expect.poll(() => each.list().map(({ record }) => record)).toEqual(names);
  }
  expect(notes.conflicts()).toEqual([]);
});

test("what was written offline after a disk was put back is written again, once, and stays so", async () => {
  const { hub } = await putBack();
  const away = await replicaAt(undefined, { disk: fileDisk(file) });
  await away.collection("notes").increment("n", "count", 5);
  await away.close();
  const all = await replicaAt(hub, { disk: fileDisk(file) });
  const notes = all.collection("notes");
  await expect.poll(() => all.status().incident?.reason).toBe("KEY_BURNT");
  await notes.settled("parent");
  const other = (await replicaAt(hub)).collection("notes");
  await expect.poll(() => other.get("n")?.counts).toEqual({ count: 5 });
  await expect.poll(() => notes.list().length).toBe(4);
  expect(all.status()).toMatchObject({ outboxOps: 0, outboxBytes: 0 });
  const { replica } = all.status();
  await all.close();
  const loaded = await fileDisk(file).load("another");
  expect(loaded.replica).toBe(replica);
  expect(loaded.holds.get(notesKey)).toMatchObject({ ctr: 1, ackedCtr: 1 });
  expect(loaded.holds).toEqual(all.replica.state.holds);
});

test("a key that the hub knows as another's is replaced, and what waited under it goes out", async () => {
  const hub = syncHub();
  const inner = duplexCarrier(createClient(SyncService, hub.transport));
  let [taken, asked] = ["", 0];
  const carrier: Carrier = {
    async open(opening, signal) {
      taken ||= opening.replica;
      if (opening.replica !== taken) return await inner.open(opening, signal);
      asked += 1;
      throw new FoedusError(Reason.SYNC_REPLICA_TAKEN, { replica: taken });
    },
  };
  const all = await replicaAt(undefined, { carrier });
  const notes = all.collection("notes");
  await notes.put("n", { text: "first" });
  await notes.put("n", { text: "second" });
  await notes.settled("parent");
  expect(all.status().incident).toMatchObject({ reason: "KEY_TAKEN", stream: "" });
  const other = (await replicaAt(hub)).collection("notes");
  await expect.poll(() => other.get("n")?.fields).toEqual({ text: "second" });
  expect(other.conflicts()).toEqual([]);
  expect(asked).toBe(1);
});

const notesKey = "main/notes//world/2";
