import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { TestHub } from "../../tests/support/federated.ts";
import { hearNotices, startTestHub, worldOff } from "../../tests/support/federated.ts";
import { killAllScripts, lineOf, runScript } from "../../tests/support/script.ts";
import { slowTimes } from "../../tests/support/until.ts";
import { errorOf } from "./error.wire.ts";
import { watchNodes } from "./node/watch.ts";
import { openNode } from "./open.ts";
import { folderStore } from "./store/folder.ts";

const dayMs = 86_400_000;

/** A certificate that lapses before the lease does: whoever is offline has certainly lost it. */
const brief = ["--certificate-ms", "4000", "--heartbeat-ms", "400", "--lease-ms", "4600"];

let hub: TestHub;

beforeAll(async () => (hub = await startTestHub(brief)));
afterEach(killAllScripts);
afterAll(() => hub.stop());

/** Resolves once the hub sees the node so. */
async function untilState(name: string, state: NodeState): Promise<void> {
  const client = hub.session().as(NodeService);
  for await (const seen of watchNodes({ world: realWorld, client })) {
    const nodes = seen.kind === "nodes" ? seen.nodes : seen.kind === "changed" ? [seen.node] : [];
    if (nodes.some((node) => node.name === name && node.state === state)) return;
  }
}

test("a node whose process slept past its certificate comes back alone", async () => {
  const folder = await hub.join("sleeper");
  const module = new URL("open.ts", import.meta.url).href;
  const asleep = runScript(`
    const { openNode } = await import(${JSON.stringify(module)});
    const notice = (one) => console.log(one.kind);
    const node = await openNode(${JSON.stringify(folder)}, { notice });
    await node.register({ kind: 1 });
    console.log("registered");
  `);
  await lineOf(asleep, /registered/);
  await untilState("sleeper", NodeState.ONLINE);
  asleep.process.kill("SIGSTOP");
  await untilState("sleeper", NodeState.OFFLINE);
  asleep.process.kill("SIGCONT");
  await untilState("sleeper", NodeState.ONLINE);
  await lineOf(asleep, /returned/);
});

test("of two that were closed past their certificates one comes back, the revoked one not", async () => {
  const nodes = await Promise.all([hub.node("napper"), hub.node("sneak")]);
  for (const node of nodes) await node.register({ kind: 1 });
  await untilState("napper", NodeState.ONLINE);
  await untilState("sneak", NodeState.ONLINE);
  for (const node of nodes) await node.close();
  await untilState("napper", NodeState.OFFLINE);
  await untilState("sneak", NodeState.OFFLINE);
  const request = { requestId: randomUUID(), node: "sneak", reason: "it stays away too long" };
  await hub.session().as(IdentityService).revokeNode(request);
  const { notice, heardOf } = hearNotices();
  await using again = await openNode(hub.folder("napper"), { notice });
  await again.publish(TelemetrySyncSchema, {});
  await heardOf("returned");
  expect(again.nodeId).toBe(nodes[0].nodeId);
  await using never = await openNode(hub.folder("sneak"));
  await expect(never.ready()).rejects.toMatchObject({ reason: Reason.NODE_REVOKED });
});

/**
 * Lives through renewals, a stop past its certificate, and a start, all with a clock that far off.
 */
async function liveWithClock(offMs: number): Promise<void> {
  const world = worldOff(offMs);
  const { notice, heardOf, heard } = hearNotices();
  const name = `late${Math.sign(offMs)}`.replace("-", "by-");
  const node = await hub.node(name, { world, notice });
  await node.register({ kind: 1 });
  await node.publish(TelemetrySyncSchema, { trustScore: 80 });
  await heardOf("renewed", 2);
  expect(heard.some(({ kind }) => kind === "returned")).toBe(false);
  await untilState(name, NodeState.ONLINE);
  const { node: seen } = await hub.session().as(NodeService).getNode({ node: name });
  expect(Math.abs(Number(seen?.skewMs) - offMs)).toBeLessThan(5_000);
  expect(Math.abs(node.hubNow() - realWorld.clock.now())).toBeLessThan(5_000);
  await node.close();
  await untilState(name, NodeState.OFFLINE);
  await using again = await openNode(hub.folder(name), { world });
  await again.publish(TelemetrySyncSchema, {});
}

test("nodes with their clocks three days off, either way, live like any other", async () => {
  await Promise.all([liveWithClock(3 * dayMs), liveWithClock(-3 * dayMs)]);
});

test("a clock that jumps by days while the node runs, and while it does not, is no matter", async () => {
  const world = worldOff(0);
  const { notice, heardOf } = hearNotices();
  const node = await hub.node("jumper", { world, notice });
  await node.register({ kind: 1 });
  world.offMs = 3 * dayMs;
  await heardOf("renewed", 1);
  await node.publish(TelemetrySyncSchema, {});
  world.offMs = -3 * dayMs;
  await heardOf("renewed", 3);
  await node.publish(TelemetrySyncSchema, {});
  await node.close();
  world.offMs = 0;
  await using again = await openNode(hub.folder("jumper"), { world });
  await again.publish(TelemetrySyncSchema, {});
});

test("a revoked node learns it at once, ends, and does not come back", async () => {
  const node = await hub.node("mole");
  await node.register({ kind: 1 });
  const ended = once(node.signal, "abort");
  const request = { requestId: randomUUID(), node: "mole", reason: "it talks to others" };
  const startMs = performance.now();
  await hub.session().as(IdentityService).revokeNode(request);
  await ended;
  expect(performance.now() - startMs).toBeLessThan(2_000 * slowTimes);
  const over = { reason: Reason.NODE_REVOKED };
  expect(node.signal.reason).toMatchObject(over);
  await expect(node.publish(TelemetrySyncSchema, {})).rejects.toMatchObject(over);
  await node.close();
  await using again = await openNode(hub.folder("mole"));
  await expect(again.publish(TelemetrySyncSchema, {})).rejects.toMatchObject(over);
});

test("a hub whose clock went back by days is not believed", async () => {
  const node = await hub.node("wary");
  await node.ready();
  await node.close();
  const store = folderStore(hub.folder("wary"));
  const hubMs = realWorld.clock.now() + 3 * dayMs;
  await store.write("clock.json", JSON.stringify({ skewMs: 0, hubMs, epoch: 1 }));
  await store.remove("chain.pem");
  const { notice, heardOf } = hearNotices();
  await using again = await openNode(store, { notice });
  const [waiting] = await heardOf("waiting");
  expect(waiting).toMatchObject({ error: { reason: Reason.HUB_CLOCK_BACKWARDS } });
  expect(again.status().connected).toBe(false);
});

test("a retired node ends", async () => {
  const node = await hub.node("old");
  await node.register({ kind: 1 });
  const ended = once(node.signal, "abort");
  await node.client(NodeService).retireNode({ requestId: randomUUID(), node: "old" });
  await ended;
  const over = [Reason.NODE_RETIRED, Reason.NODE_REVOKED];
  expect(over).toContain(errorOf(node.signal.reason).reason);
});
