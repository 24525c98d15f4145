import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

/** More than a hub lets be under way before some of it is acknowledged. */
const valuesCount = 12;
const valueLength = 60_000;

test("who follows through the twin is sent more than may be under way at once", async () => {
  const node = await hub.node("writer");
  await using agent = await node.agent("reader", { role: Role.MEMBER });
  await using collections = await agent.collections();
  const read = collections.collection("long");
  const written = await node.collection("long");
  for (let at = 0; at < valuesCount; at += 1) {
    await written.put(`part-${at}`, { text: "x".repeat(valueLength) });
  }
  await written.settled();
  await expect.poll(() => read.list().length).toBe(valuesCount);
});
