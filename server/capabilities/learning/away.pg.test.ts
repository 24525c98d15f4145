// A hub that was away for hours, over a real log.
import { randomUUID } from "node:crypto";
import { HealthSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  eventOf,
  freely,
  personOf,
  publish,
  registeredNode,
} from "../../../tests/support/joined.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { readHead, readLog } from "../../runtime/storage/log.ts";
import { runDue } from "./cycle.flow.ts";

const main = tenantProved("main");
const hourMs = 3_600_000;
let local: LocalHub;

beforeAll(async () => {
  local = await startLocalHub({ values: { ...freely, lease_ms: "600000" } });
});
afterAll(() => local.stop());

const admin = () => local.hub.calls.as(LearningService, personOf(Role.ADMIN));

test("after hours without a hub all nodes stand where they stood, silent as they are", async () => {
  for (let at = 0; at < 3; at += 1) {
    const node = await registeredNode(local.hub);
    const nowMs = Date.now();
    const beat = { epoch: BigInt(nowMs), sequence: 1n, sentMs: BigInt(nowMs), roundTripUs: 2_000n };
    await node.nodes.heartbeat({ ...beat, health: HealthStatus.HEALTHY });
    await publish(node, [
      eventOf(node.spiffeId, TelemetrySyncSchema, { trustScore: 100 }),
      eventOf(node.spiffeId, HealthSchema, { sampleMs: BigInt(nowMs) }, { sequence: 2n }),
    ]);
  }
  await admin().runCycle({ requestId: randomUUID() });
  const before = (await admin().listTrust({})).trust;
  expect(before.map((one) => one.score)).toEqual([100, 100, 100]);
  const { seq } = await local.hub.storage.tenant(main, (tx) => readHead(tx, "outbox"));
  const later = { ...local.hub, storage: shifted(local.hub.storage, 7 * hourMs) };
  expect(await runDue(later, main, "run_later")).toBe(true);
  const { cycles } = await admin().listCycles({});
  expect(cycles).toHaveLength(2);
  expect(cycles[0]?.aggregate).toMatchObject({ participants: 3, unknown: 0, averageTrust: 100 });
  const after = (await admin().listTrust({})).trust;
  expect(after.map((one) => one.score)).toEqual(before.map((one) => one.score));
  for (const [at, one] of after.entries()) {
    expect(one.reputation).toBeCloseTo(before[at]?.reputation ?? 0, 4);
    expect(one.inputs.map(({ detail }) => detail).join()).toContain(
      "7 h in which no hub was there",
    );
  }
  const told = await local.hub.storage.tenant(main, (tx) => readLog(tx, "outbox", seq));
  expect(told.entries.map((one) => one.kind)).not.toContain("learning.trust_scored");
});
