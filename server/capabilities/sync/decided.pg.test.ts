// Two processes of a hub over one database: what is decided in one holds in the other.
import { randomUUID } from "node:crypto";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import type { LocalHub } from "../../../tests/support/hub.local.ts";
import { sharedProcesses } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const [one, other] = sharedProcesses();

const patient = { interval: 20 };
const ownerAt = ({ hub }: LocalHub) => hub.calls.as(CollectionService, personOf(Role.ADMIN));

async function spokeAt({ hub }: LocalHub, stream: Stream): Promise<TestSpoke> {
  const { caller } = await joinNode(one.hub);
  const spoke = new TestSpoke(hub.calls.as(SyncService, caller));
  onTestFinished(() => spoke.leave());
  spoke.follow(stream);
  return spoke;
}

test("what is declared at one is refused at the other, and taken once it is declared wider", async () => {
  const stream = streamOf("declared");
  const spoke = await spokeAt(other, stream);
  await spoke.connect();
  spoke.put(stream, "r", "one");
  await expect.poll(() => spoke.hold(stream).ackedCtr, patient).toBe(1);
  const declare = (lane: number) =>
    ownerAt(one).declareCollection({
      requestId: randomUUID(),
      collection: { name: "declared", zone: "world", lane },
    });
  await declare(3);
  await spoke.ended;
  await spoke.connect();
  spoke.put(stream, "r", "two");
  const refusals = () =>
    [...spoke.hold(stream).quarantine.values()].map(({ refusal }) => Refusal[refusal]);
  await expect.poll(refusals, patient).toEqual(["NOT_DECLARED"]);
  await declare(1);
  await spoke.ended;
  await spoke.connect();
  await expect.poll(() => spoke.hold(stream).ackedCtr, patient).toBe(2);
});

test("a conflict that is resolved at one, and a repair, reach who is connected to the other", async () => {
  const stream = streamOf("decided");
  const spokes = [await spokeAt(other, stream), await spokeAt(other, stream)];
  for (const [at, spoke] of spokes.entries()) spoke.put(stream, "r", `value ${at}`);
  for (const spoke of spokes) await spoke.connect();
  const values = () => spokes.map((spoke) => spoke.values(stream, "r").length);
  await expect.poll(values, patient).toEqual([2, 2]);
  const { conflicts } = await ownerAt(one).listConflicts({ stream });
  const siblings = conflicts[0]?.contenders.flatMap(({ sibling }) => sibling ?? []) ?? [];
  const [dot] = siblings.map(dotIn);
  if (dot === undefined) throw new Error("there is no conflict");
  await ownerAt(one).resolveConflict({
    requestId: randomUUID(),
    stream,
    name: { record: "r" },
    value: { case: "keep", value: dot },
    seen: siblings.map(dotIn),
  });
  await expect.poll(values, patient).toEqual([1, 1]);
  await rowsOf(one.url, "update sync_stream set cells = 9 where collection = 'decided'");
  await ownerAt(one).repairStream({ requestId: randomUUID(), stream });
  for (const spoke of spokes) await spoke.ended;
});
