import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { openNode } from "../open.ts";
import { openCollections } from "./open.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

test("a person's program without a node reads and writes over plain requests", async () => {
  const file = readFileSync(join(hub.data, "cli.json"), "utf8");
  const { web: baseUrl, session } = JSON.parse(file) as { web: string; session: string };
  const notes = await (await hub.node("desk")).collection("notes");
  const options = { baseUrl, session: () => session, disk: "memory" };
  await using collections = await openCollections(options);
  const ours = collections.collection("notes");
  await notes.put("n", { title: "from the node" });
  await expect.poll(() => ours.get("n")?.fields.title).toBe("from the node");
  await ours.put("n", { title: "from the person" });
  await ours.settled("parent");
  await expect.poll(() => notes.get("n")?.fields.title).toBe("from the person");
  expect(notes.conflicts()).toEqual([]);
});

test("who is not known waits, says why, and keeps what was written", async () => {
  const { web: baseUrl } = hub.session();
  await using collections = await openCollections({ baseUrl, session: () => "no", disk: "memory" });
  const notes = collections.collection("notes");
  await notes.put("n", { title: "kept" });
  await expect.poll(() => collections.status().waiting?.reason).toMatch(/sign|session|known/i);
  expect(notes.get("n")?.fields.title).toBe("kept");
  expect(collections.status()).toMatchObject({ connected: false, outboxOps: 1 });
});

test("a file that another node wrote is read, and its key is refused by name", async () => {
  const disk = join(hub.folder("shared"), "sync.db");
  const first = await hub.node("first", { sync: { disk } });
  const notes = await first.collection("shared");
  await notes.put("n", { title: "theirs" });
  await notes.settled("parent");
  await first.close();
  await using second = await openNode(await hub.join("second"), { sync: { disk } });
  const again = await second.collection("shared");
  expect(again.get("n")?.fields.title).toBe("theirs");
  const collections = await second.collections();
  await expect.poll(() => collections.status().waiting?.reason).toMatch(/another|belongs/);
  await again.put("n", { title: "waits" });
  expect(again.status()).toMatchObject({ mode: "AWAY", outboxOps: 1 });
});

test("a revision of the schema that is not taken is refused by name, and a newer one goes on", async () => {
  const collection = { name: "forms", zone: "world", lane: 2, revisionMin: 2 };
  const people = hub.session().as(CollectionService);
  await people.declareCollection({ requestId: newId("req", realWorld), collection });
  const node = await hub.node("clerk");
  const old = await node.collection("forms", { schemaRevision: 1 });
  await old.put("n", { title: "old" });
  await expect.poll(() => old.status().mode).toBe("REFUSED");
  expect(old.status()).toMatchObject({ refusal: Refusal.SCHEMA, outboxOps: 1 });
  const other = await hub.node("clerk-2");
  const fresh = await other.collection("forms", { schemaRevision: 2 });
  await fresh.put("n", { title: "new" });
  await fresh.settled("parent");
  // Its write may be acknowledged while it is still told what was there before.
  await expect.poll(() => fresh.status()).toMatchObject({ mode: "LIVE", quarantined: 0 });
});
