// What a cycle tells, over a real log; and that it stands on all that was told before.
import { randomUUID } from "node:crypto";
import { fromBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import {
  EventRefusedSchema,
  InsightReportSchema,
  ModelUpdateSchema,
  PriorityShareSchema,
  TelemetrySyncSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { TrustScoredSchema } from "@foedus/gen/foedus/learning/v1/learning_event_pb.js";
import { InputKind, TrustLevel, type Cycle } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { fact, factType } from "@foedus/kernel/change.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import * as joined from "../../../tests/support/joined.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import { foldLog } from "./fold.flow.ts";
import { witnessing } from "./witness.store.ts";

const main = tenantProved("main");
let local: LocalHub;
let node: joined.JoinedNode;
let cycle: Cycle | undefined;

beforeAll(async () => {
  // However slow the machine, the node is there and has missed no heartbeat.
  const slow = { heartbeat_ms: "60000", lease_ms: "600000" };
  local = await startLocalHub({ values: { ...joined.freely, ...slow } });
  node = await joined.registeredNode(local.hub);
  const nowMs = Date.now();
  const beat = { epoch: BigInt(nowMs), sequence: 1n, sentMs: BigInt(nowMs), roundTripUs: 2_000n };
  await node.nodes.heartbeat({ ...beat, health: HealthStatus.HEALTHY });
  const priorities = [{ topic: "speed", weight: 0.5, confidence: 1 }];
  await joined.publish(node, [joined.eventOf(node.spiffeId, TelemetrySyncSchema, { priorities })]);
  cycle = await run();
});
afterAll(() => local.stop());

const admin = () => local.hub.calls.as(LearningService, joined.personOf(Role.ADMIN));
const run = async () => (await admin().runCycle({ requestId: randomUUID() })).cycle;
const fold = () => foldLog(local.hub, witnessing(local.hub.identity.trustDomain), main);

/** The newest event of a family, as the hub signed it. */
async function newest<S extends DescMessage>(schema: S): Promise<MessageShape<S>> {
  await fold();
  const events = local.hub.calls.as(EventService, joined.personOf(Role.ADMIN));
  const latest = (await events.listLatest({ types: [factType(schema)] })).events;
  const { event, verified } = await events.getEvent({ cursor: latest[0]?.cursor ?? 0n });
  expect(verified).toBe(true);
  const told = fromBinary(EventSchema, event?.event ?? new Uint8Array());
  expect(told.source).toBe(local.hub.identity.spiffeId);
  return fromBinary(schema, told.payload);
}

test("trust_aggregate tells the network's figures", async () => {
  expect(cycle?.aggregate?.participants).toBe(1);
  expect(await newest(TrustAggregateSchema)).toEqual(cycle?.aggregate);
});

test("priority_share tells what was agreed, and why", async () => {
  const { cycleId, priorities, rationale } = await newest(PriorityShareSchema);
  expect(cycleId).toBe(cycle?.id);
  expect(priorities).toMatchObject([{ topic: "speed", weight: 0.5, confidence: 1 }]);
  expect(rationale).toContain(`${node.name} with 100 %`);
});

test("model_update tells the robust mean and the priorities that hold from now on", async () => {
  const { cycleId, trustScore, priorities, appliedMs } = await newest(ModelUpdateSchema);
  expect(cycleId).toBe(cycle?.id);
  expect(trustScore).toBe(cycle?.aggregate?.robustMean);
  expect(priorities.map(({ topic }) => topic)).toEqual(["speed"]);
  expect(Number(appliedMs)).toBeGreaterThan(0);
});

test("insight_report tells it in words", async () => {
  const { cycleId, summary, networkHealth } = await newest(InsightReportSchema);
  expect([cycleId, summary]).toEqual([cycle?.id, cycle?.summary]);
  expect(networkHealth).toBe(cycle?.aggregate?.networkHealth);
});

test("what the hub itself decided before the call is in the cycle", async () => {
  const reason = "EVENT_SIGNATURE_INVALID";
  const refused = fact(EventRefusedSchema, node.id, { nodeId: node.id, reason, events: 3n });
  await local.hub.storage.tenant(main, (tx) => tell(tx, [refused]));
  const fresh = await run();
  const { trust } = await admin().explainTrust({ node: node.id });
  const signatures = trust?.inputs.find(({ kind }) => kind === InputKind.SIGNATURES_VALID);
  expect(signatures).toMatchObject({ value: 0.25, samples: 4n });
  const [cursor = 0n] = signatures?.evidenceCursors ?? [];
  expect(fresh?.headCursor).toBeGreaterThanOrEqual(cursor);
});

test("a log that cannot be read to its head says so, and is read later", async () => {
  const { storage, identity } = local.hub;
  const witness = witnessing(identity.trustDomain);
  await storage.tenant(main, async (tx) => {
    // Whoever relays waits for this transaction.
    await sql`select seq from follower where tenant_id = ${main} and name = 'event.relay'
      for update`.execute(tx.sql);
    const refused = fact(EventRefusedSchema, node.id, { nodeId: node.id, reason: "SHED" });
    await storage.tenant(main, (other) => tell(other, [refused]));
    await expect(foldLog(local.hub, witness, main, 200)).rejects.toThrow(
      /: \d+ entries of the log are on their way$/,
    );
  });
  await fold();
});

test("a level is told when it is given, and the next cycle does not tell it again", async () => {
  const scored = async () => (await newest(TrustScoredSchema)).trust;
  const wish = { node: node.id, level: TrustLevel.PARTNER, reason: "we signed" };
  await admin().setTrustLevel({ ...wish, requestId: randomUUID() });
  const told = await newest(TrustScoredSchema);
  expect(told).toMatchObject({ trust: { nodeId: node.id, level: TrustLevel.PARTNER } });
  expect(told.cycleId).not.toBe("");
  const fresh = await run();
  expect((await admin().explainTrust({ node: node.id })).trust?.level).toBe(TrustLevel.PARTNER);
  expect((await newest(TrustScoredSchema)).cycleId).not.toBe(fresh?.id);
  await admin().setTrustLevel({ ...wish, requestId: randomUUID(), reason: "again" });
  expect((await scored())?.because[0]).toContain("we signed");
});
