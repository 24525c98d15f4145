// Sessions over the real listener and the real log: what converges, and what is refused by name.
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { joinHub } from "../../../clients/sdk/join.ts";
import { openNode } from "../../../clients/sdk/open.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, personOf } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: { ...freely, zones: "world,eu" } });
});
afterAll(() => local.stop());

const patient = { timeout: 5_000, interval: 10 };

async function nodeOf(name: string, role = Role.MEMBER) {
  const owner = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const asked = { requestId: randomUUID(), name, role };
  const { secret: token, invitation } = await owner.createToken(asked);
  const folder = join(local.data, name);
  await joinHub({ invitation, token, folder });
  const node = await openNode(folder);
  onTestFinished(() => node.close());
  return node;
}

async function spokeOf(name: string): Promise<TestSpoke> {
  const spoke = new TestSpoke((await nodeOf(name)).client(SyncService));
  onTestFinished(() => spoke.leave());
  return spoke;
}

test("two replicas of two nodes converge, and what one wrote alone is there when it returns", async () => {
  const notes = streamOf("notes");
  const [one, other] = [await spokeOf("a1"), await spokeOf("a2")];
  for (const spoke of [one, other]) {
    spoke.follow(notes);
    await spoke.connect();
  }
  one.put(notes, "r", "from one");
  await expect.poll(() => other.values(notes, "r"), patient).toEqual(["from one"]);
  other.leave();
  await other.ended;
  other.add(notes, "n", 2);
  one.add(notes, "n", 3);
  await other.connect();
  for (const spoke of [one, other]) await expect.poll(() => spoke.sum(notes, "n"), patient).toBe(5);
  expect(one.hold(notes).digest).toEqual(other.hold(notes).digest);
});
