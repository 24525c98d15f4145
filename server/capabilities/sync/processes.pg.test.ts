// Two processes of a hub over one database: who writes in one is heard in the other.
import { randomUUID } from "node:crypto";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { expect, onTestFinished, test } from "vitest";
import type { LocalHub } from "../../../tests/support/hub.local.ts";
import { sharedProcesses } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const [one, other] = sharedProcesses();

const patient = { interval: 20 };

async function spokeAt({ hub }: LocalHub, stream = streamOf("notes")): Promise<TestSpoke> {
  const { caller } = await joinNode(one.hub);
  const spoke = new TestSpoke(hub.calls.as(SyncService, caller));
  onTestFinished(() => spoke.leave());
  spoke.follow(stream);
  await spoke.connect();
  return spoke;
}

test("what is written at one is heard at the other, and both stamp as one", async () => {
  const notes = streamOf("notes");
  const live = () => one.hub.processes.list().filter((each) => each.live).length;
  await expect.poll(live, patient).toBe(2);
  const [here, there] = [await spokeAt(one), await spokeAt(other)];
  for (let n = 1; n <= 5; n++) {
    here.add(notes, "n", 1);
    there.add(notes, "n", 10);
  }
  for (const spoke of [here, there]) {
    await expect.poll(() => spoke.sum(notes, "n"), patient).toBe(55);
  }
  expect(here.hold(notes).digest).toEqual(there.hold(notes).digest);
  const vectors = [here, there].map((spoke) => spoke.hold(notes).vector);
  expect(Object.keys(vectors[0] ?? {})).toHaveLength(1);
  expect(vectors[1]).toEqual(vectors[0]);
});

test("an admin's grant ends the sessions of the node in the other process too", async () => {
  const { caller, id } = await joinNode(one.hub);
  const spoke = new TestSpoke(other.hub.calls.as(SyncService, caller));
  await spoke.connect();
  await grantIn(one, id);
  expect(await spoke.ended).toBeUndefined();
  expect(spoke.heard.at(-1)?.frame).toMatchObject({ case: "bye" });
});

async function grantIn({ hub }: LocalHub, node: string): Promise<void> {
  const admin = hub.calls.as(CollectionService, personOf(Role.ADMIN));
  await admin.setGrant({ requestId: randomUUID(), node, relays: true });
}
