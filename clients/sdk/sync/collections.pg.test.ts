import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { openNode } from "../open.ts";
import type { Collection } from "./collection.ts";
import type { Json } from "./codec.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

const shown = (notes: Collection<Json>) =>
  notes.list().map(({ record, fields, counts }) => ({ record, fields, counts }));

test("two nodes and a hub that is killed: all that was written is everywhere", async () => {
  const [here, there] = [await hub.node("here"), await hub.node("there")];
  const [ours, theirs] = [await here.collection("notes"), await there.collection("notes")];
  await ours.put("milk", { title: "Milk" });
  await ours.settled("parent");
  await expect.poll(() => theirs.get("milk")?.fields).toEqual({ title: "Milk" });
  await hub.kill();
  await ours.put("milk", { title: "Oat milk" });
  await ours.increment("milk", "bought", 2);
  await theirs.increment("milk", "bought", 3);
  expect(ours.get("milk")).toMatchObject({ fields: { title: "Oat milk" }, counts: { bought: 2 } });
  await expect.poll(() => ours.status().mode).toBe("AWAY");
  await hub.restart();
  await Promise.all([ours.settled("parent"), theirs.settled("parent")]);
  const both = [{ record: "milk", fields: { title: "Oat milk" }, counts: { bought: 5 } }];
  await expect.poll(() => shown(theirs)).toEqual(both);
  await expect.poll(() => shown(ours)).toEqual(both);
});

test("a node that was closed while its writes waited sends them when it is opened again", async () => {
  const folder = await hub.join("sleeper");
  const watcher = await (await hub.node("watcher")).collection("dreams");
  await hub.kill();
  const sleeper = await openNode(folder);
  await (await sleeper.collection("dreams")).put("first", { said: "zzz" });
  await sleeper.close();
  await hub.restart();
  await using awake = await openNode(folder);
  const dreams = await awake.collection("dreams");
  expect(dreams.get("first")?.fields).toEqual({ said: "zzz" });
  await dreams.settled("parent");
  await expect.poll(() => watcher.get("first")?.fields).toEqual({ said: "zzz" });
});

test("an agent reads and writes through the twin, with a key that ends with it", async () => {
  const node = await hub.node("host");
  const notes = await node.collection("minutes");
  await using agent = await node.agent("scribe", { role: Role.MEMBER });
  await using collections = await agent.collections();
  expect(collections.replica.state.replica).not.toBe((await node.collections()).status().replica);
  const minutes = collections.collection("minutes");
  const id = await minutes.add({ said: "hello" });
  await minutes.settled();
  await expect.poll(() => notes.get(id)?.fields[""]).toEqual({ said: "hello" });
});
