import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { linkCapabilities } from "@foedus/kernel/protocol.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { addressKept, lead, openRelay } from "../../../tests/support/relay.ts";
import { slowTimes } from "../../../tests/support/until.ts";
import { errorOf } from "../error.wire.ts";
import { openNode } from "../open.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub(["--heartbeat-ms", "300"])));
afterAll(() => hub.stop());

async function linkOf(node: string) {
  const { link } = await hub.session().as(LinkService).getLink({ node });
  if (link === undefined) throw new Error(`${node} has no link`);
  return link;
}

test("from the first step of joining to an open link it takes less than three seconds", async () => {
  const startMs = performance.now();
  const node = await openNode(await hub.join("swift"));
  onTestFinished(() => node.close());
  await node.ready();
  const tookMs = performance.now() - startMs;
  expect(tookMs).toBeLessThan(3_000 * slowTimes);
  const { link } = node.status();
  expect(link).toMatchObject({ protocol: 1, capabilities: linkCapabilities, breaker: "closed" });
  const seen = await linkOf("swift");
  expect(seen).toMatchObject({ nodeId: node.nodeId, live: true, connections: 1 });
  expect(seen.software).toMatch(/^foedus-sdk\/\d/);
  expect(seen.terms?.hubSoftware).toMatch(/^foedus\/\d/);
});

test("what a node reports is what passed, message by message and byte by byte", async () => {
  const folder = await hub.join("counted");
  const relay = await openRelay(await addressKept(folder));
  await lead(folder, relay.address);
  const node = await openNode(folder);
  onTestFinished(() => node.close());
  await node.ready();
  await expect.poll(async () => (await linkOf("counted")).counts?.messagesSent).toBe(1n);
  for (let n = 0; n < 10; n++) await node.publish(TelemetrySyncSchema, { trustScore: n });
  const nodes = node.client(NodeService);
  await expect(nodes.getNode({ node: "nobody" })).rejects.toThrow("nobody");
  const counted = () => node.status().link.counts;
  await expect
    .poll(() => ({ up: Number(counted().bytesSent), down: Number(counted().bytesReceived) }))
    .toEqual(relay.passed);
  expect(relay.passed.up).toBeGreaterThan(2_000);
  await node.close();
  // The opening, the first report, ten events, and a question whose answer was a refusal.
  const { counts } = await linkOf("counted");
  expect(counts).toMatchObject({ messagesSent: 13n, messagesReceived: 13n, errors: 0n, heals: 0 });
  expect(Number(counts?.bytesSent)).toBeGreaterThan(2_000);
  expect(Number(counts?.bytesSent)).toBeLessThanOrEqual(relay.passed.up);
});

test("round trips come with their mean", async () => {
  const node = await hub.node("steady");
  await node.register({ kind: 1 });
  await expect.poll(() => node.status().link.roundTripMeanMs).toBeGreaterThan(0);
  await node.close();
  const { roundTripUs, roundTripMeanUs } = await linkOf("steady");
  expect(Number(roundTripUs)).toBeGreaterThan(0);
  expect(Number(roundTripMeanUs)).toBeGreaterThan(0);
});

test("while the hub is dead calls fail at once and say when; alive again, the link heals", async () => {
  const node = await hub.node("patient");
  await node.ready();
  const call = () => node.client(NodeService).listNodes({}, { timeoutMs: 60_000 });
  await call();
  await hub.kill();
  await expect.poll(() => node.status().link.breaker).toBe("open");
  const startMs = performance.now();
  const error = errorOf(await call().catch((thrown: unknown) => thrown));
  expect(performance.now() - startMs).toBeLessThan(200 * slowTimes);
  expect(error.reason).toBe(Reason.HUB_UNREACHABLE);
  expect(error.message).toMatch(/tries in a row failed; the next is in \d+ ms/);
  const told = node.publish(TelemetrySyncSchema, { trustScore: 1 });
  await hub.restart();
  await told;
  await call();
  expect(node.status().link).toMatchObject({ breaker: "closed", counts: { heals: 1 } });
  await expect.poll(async () => (await linkOf("patient")).counts?.heals).toBe(1);
  const { counts, breaker } = await linkOf("patient");
  expect(breaker).toBe(BreakerState.CLOSED);
  expect(counts).toMatchObject({ breakerOpens: 1, consecutiveFailures: 0 });
  expect(Number(counts?.errors)).toBeGreaterThanOrEqual(5);
});
