// A hub that is given another parent, in a process of its own.
import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const patient = { timeout: 60_000, interval: 50 };
const notes = streamOf("notes");

async function started(flags: readonly string[] = []): Promise<TestHub> {
  const hub = await startTestHub(flags);
  onTestFinished(() => hub.stop());
  return hub;
}

/** The flags that put a hub below another one. */
async function below(top: TestHub): Promise<string[]> {
  const file = join(top.data, "..", "left.token");
  await writeFile(file, (await top.session().token("left")).secret);
  const parent = ["--parent", top.invitation(), "--parent-token-file", file];
  return [...parent, "--trust-domain", "left.example"];
}

async function letRelay(top: TestHub): Promise<void> {
  const grant = { requestId: randomUUID(), node: "left", relays: true };
  await top.session().as(CollectionService).setGrant(grant);
}

test("what only the former parent waits for goes to no other one, and the hub says so", async () => {
  const [first, other] = [await started(), await started(["--trust-domain", "other.example"])];
  const left = await started(await below(first));
  const waits = async () =>
    (await left.session().as(HubService).getStatus({})).status?.uplink?.waiting?.waitingFor;
  await expect.poll(waits, patient).toBe("leave to sync as a hub");
  await letRelay(first);
  const spoke = new TestSpoke((await left.node("one")).client(SyncService));
  onTestFinished(() => spoke.leave());
  spoke.follow(notes);
  await spoke.connect();
  spoke.put(notes, "r", "to the first");
  await expect.poll(() => spoke.hold(notes).settledCtr, patient).toBe(1);
  await first.kill();
  spoke.put(notes, "r", "to nobody yet");
  await expect.poll(() => spoke.hold(notes).ackedCtr, patient).toBe(2);
  const flags = await below(other);
  // Who the hub was at the former parent is put away by hand; that alone must not lose anything.
  await rename(join(left.data, "keys", "parent"), join(left.data, "keys", "former"));
  await left.restart(flags);
  await expect.poll(waits, patient).toBe("leave to sync as a hub");
  await letRelay(other);
  const former = "the former parent foedus.local to have all writes";
  await expect.poll(waits, patient).toBe(former);
}, 300_000);
