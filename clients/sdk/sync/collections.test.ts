import { createClient } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { expect, onTestFinished, test } from "vitest";
import { type SyncHub, syncHub } from "../../../tests/support/hub.sync.ts";
import { duplexCarrier } from "./carrier.duplex.ts";
import { twinCarrier } from "./carrier.twin.ts";
import { openCollectionsOn, type CollectionsKit } from "./collections.ts";
import { memoryDisk } from "./disk.memory.ts";

const tenant = "main";

async function replicaAt(
  hub: SyncHub,
  carried: "duplex" | "twin" = "duplex",
  more: Partial<CollectionsKit> = {},
) {
  const client = createClient(SyncService, hub.transport);
  const carrier = carried === "duplex" ? duplexCarrier(client) : twinCarrier(client, world);
  const disk = memoryDisk();
  const all = await openCollectionsOn({ world, disk, tenant, carrier, ...more });
  onTestFinished(() => all.close());
  return all;
}

test("what one writes, another reads, over either wire, and both agree", async () => {
  const hub = syncHub();
  const here = (await replicaAt(hub)).collection("notes");
  const there = (await replicaAt(hub, "twin")).collection("notes");
  const seen = there.watch();
  await here.put("milk", { title: "Milk", done: false });
  expect(here.get("milk")?.fields).toEqual({ title: "Milk", done: false });
  await here.settled("parent");
  await expect.poll(() => there.get("milk")?.fields).toEqual({ title: "Milk", done: false });
  await expect(seen.next()).resolves.toMatchObject({ value: { record: "milk" } });
  await there.put("milk", { done: true });
  await expect.poll(() => here.get("milk")?.fields).toEqual({ title: "Milk", done: true });
  expect(here.list()).toEqual(there.list());
  expect(here.status()).toMatchObject({ mode: "LIVE", lagOps: 0, lagMs: 0, outboxOps: 0 });
});
