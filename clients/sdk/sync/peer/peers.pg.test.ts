import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestHub, type TestHub } from "../../../../tests/support/federated.ts";
import { slowTimes } from "../../../../tests/support/until.ts";
import { ownPort } from "../../../../tools/federation/ports.ts";
import type { FoedusNode } from "../../node.ts";
import { openNode } from "../../open.ts";
import type { PeersOptions } from "./peers.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

const listens = { listen: "127.0.0.1:0" };

async function open(folder: string, peers?: PeersOptions): Promise<FoedusNode> {
  const node = await openNode(folder, { sync: peers === undefined ? {} : { peers } });
  onTestFinished(() => node.close());
  return node;
}

const knows = (node: FoedusNode, name: string) =>
  expect.poll(() => node.peers()?.known).toContain(name);

test("the hub dies, one writes and dies, another delivers it: everybody has it once", async () => {
  const folder = await hub.join("author");
  const author = await open(folder, listens);
  const carrier = await hub.node("carrier", { sync: { peers: listens } });
  const reader = await hub.node("reader");
  const [writes, carries, reads] = [
    await author.collection("notes"),
    await carrier.collection("notes"),
    await reader.collection("notes"),
  ];
  await writes.increment("milk", "bought", 1);
  await writes.settled();
  await expect.poll(() => carries.get("milk")?.counts).toEqual({ bought: 1 });
  await knows(carrier, "author");

  await hub.kill();
  const startMs = performance.now();
  await writes.increment("milk", "bought", 2);
  await writes.put("milk", { title: "Milk" });
  await expect.poll(() => carries.get("milk")?.fields).toEqual({ title: "Milk" });
  const tookMs = performance.now() - startMs;
  expect(tookMs).toBeLessThan(5_000 * slowTimes);
  expect(carries.get("milk")?.counts).toEqual({ bought: 3 });
  // The author knows now who calls on it, and hears of what that one writes.
  await carries.increment("milk", "bought", 4);
  await expect.poll(() => writes.get("milk")?.counts).toEqual({ bought: 7 });
  await author.close();

  await hub.restart();
  await carries.settled();
  await expect.poll(() => reads.get("milk")?.counts).toEqual({ bought: 7 });
  await expect.poll(() => reads.get("milk")?.fields).toEqual({ title: "Milk" });

  const again = await (await open(folder, listens)).collection("notes");
  await again.increment("milk", "bought", 8);
  await again.settled();
  for (const each of [again, carries, reads]) {
    await expect.poll(() => each.get("milk")?.counts).toEqual({ bought: 15 });
    expect(each.quarantine()).toEqual([]);
  }
});

test("a carrier that starts anew without a hub has it still, and hands it on", async () => {
  // Where it listens again: whom it knows looks for it there.
  const address = `127.0.0.1:${await ownPort()}`;
  const [first, second, third] = [
    await hub.join("first"),
    await hub.join("second"),
    await hub.join("third"),
  ];
  const reader = await (await hub.node("watcher")).collection("tasks");
  const nodes = [
    await open(first, listens),
    await open(second, { listen: address }),
    await open(third, listens),
  ] as const;
  const [author, carrier, late] = nodes;
  for (const node of nodes) await (await node.collection("tasks")).increment("all", "done", 1);
  for (const node of nodes) {
    const tasks = await node.collection("tasks");
    await expect.poll(() => tasks.get("all")?.counts).toEqual({ done: 3 });
  }
  await Promise.all([knows(carrier, "first"), knows(late, "second")]);
  await late.close();

  await hub.kill();
  const [writes, carries] = [await author.collection("tasks"), await carrier.collection("tasks")];
  await writes.increment("all", "done", 10);
  await expect.poll(() => carries.get("all")?.counts).toEqual({ done: 13 });
  expect(carrier.peers()?.address).toBe(address);
  await Promise.all([author.close(), carrier.close()]);
  const again = await open(second, { listen: address });
  const kept = await again.collection("tasks");
  expect(kept.get("all")?.counts).toEqual({ done: 13 });
  const heard = await (await open(third, listens)).collection("tasks");
  await expect.poll(() => heard.get("all")?.counts).toEqual({ done: 13 });

  await hub.restart();
  await Promise.all([kept.settled(), heard.settled()]);
  await expect.poll(() => reader.get("all")?.counts).toEqual({ done: 13 });
  for (const each of [kept, heard]) expect(each.quarantine()).toEqual([]);
});
