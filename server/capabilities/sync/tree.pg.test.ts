// Hubs in processes of their own: two below one, and nodes below them.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const patient = { interval: 50 };
const notes = streamOf("notes");

let top: TestHub;
let left: TestHub;
let right: TestHub;
beforeAll(async () => {
  top = await startTestHub();
  [left, right] = await Promise.all([below("left"), below("right")]);
});
afterAll(() => Promise.all([left, right, top].map((hub) => hub.stop())));

async function below(name: string): Promise<TestHub> {
  const file = join(top.data, "..", `${name}.token`);
  await writeFile(file, (await top.session().token(name)).secret);
  const parent = ["--parent", top.invitation(), "--parent-token-file", file];
  return await startTestHub([...parent, "--trust-domain", `${name}.example`]);
}

async function uplinkOf(hub: TestHub) {
  const { status } = await hub.session().as(HubService).getStatus({});
  return status?.uplink;
}

async function spokeBelow(hub: TestHub, name: string): Promise<TestSpoke> {
  const node = await hub.node(name);
  const spoke = new TestSpoke(node.client(SyncService));
  onTestFinished(() => spoke.leave());
  spoke.follow(notes);
  await spoke.connect();
  return spoke;
}

test("without leave a hub says what it waits for; with it, what is written on one side is on the other", async () => {
  const waits = async () => (await uplinkOf(left))?.waiting?.command;
  const { nodeId } = (await expectConnected(left)) ?? { nodeId: "" };
  await expect.poll(waits, patient).toBe(`foedus sync grant ${nodeId} --relay`);
  const [one, other] = [await spokeBelow(left, "one"), await spokeBelow(right, "other")];
  one.put(notes, "r", "from the left");
  await expect.poll(() => one.hold(notes).ackedCtr, patient).toBe(1);
  expect(one.hold(notes).settledCtr).toBe(0);
  for (const node of ["left", "right"]) {
    const grant = { requestId: randomUUID(), node, relays: true };
    await top.session().as(CollectionService).setGrant(grant);
  }
  await expect.poll(() => other.values(notes, "r"), patient).toEqual(["from the left"]);
  await expect.poll(() => one.hold(notes).settledCtr, patient).toBe(1);
  expect(await waits()).toBeUndefined();
  other.put(notes, "q", "from the right");
  await expect.poll(() => one.values(notes, "q"), patient).toEqual(["from the right"]);
});

async function expectConnected(hub: TestHub) {
  const connected = async () => (await uplinkOf(hub))?.state;
  await expect.poll(connected, patient).toBe(UplinkState.CONNECTED);
  return await uplinkOf(hub);
}

test("what was written on both sides while the parent was dead meets once it is back", async () => {
  const [one, other] = [await spokeBelow(left, "three"), await spokeBelow(right, "four")];
  await top.kill();
  one.add(notes, "n", 1);
  other.add(notes, "n", 10);
  await expect.poll(() => one.hold(notes).ackedCtr, patient).toBe(1);
  await top.restart();
  for (const spoke of [one, other]) {
    await expect.poll(() => spoke.sum(notes, "n"), patient).toBe(11);
  }
  await expect.poll(() => one.hold(notes).settledCtr, patient).toBe(1);
});

test("a replica that goes to another hub neither loses nor repeats what it wrote", async () => {
  const away = await spokeBelow(left, "five");
  away.add(notes, "moved", 5);
  await expect.poll(() => away.hold(notes).ackedCtr, patient).toBe(1);
  away.leave();
  await away.ended;
  away.add(notes, "moved", 7);
  const stays = await spokeBelow(left, "six");
  const node = await right.node("seven");
  away.home = node.client(SyncService);
  await away.connect();
  for (const spoke of [away, stays]) {
    await expect.poll(() => spoke.sum(notes, "moved"), patient).toBe(12);
  }
});
