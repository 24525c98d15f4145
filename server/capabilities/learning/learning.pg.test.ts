import { fromBinary } from "@bufbuild/protobuf";
import { randomUUID } from "node:crypto";
import {
  GraphSummarySchema,
  NetworkHealth,
  TelemetrySyncSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { InputKind, TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
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
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { readHead, readLog } from "../../runtime/storage/log.ts";
import { runDue } from "./cycle.flow.ts";
import { cycleEveryMs, quietCycleMs } from "./window.ts";

const main = tenantProved("main");
let local: LocalHub;
let nodes: JoinedNode[];

beforeAll(async () => {
  local = await startLocalHub({ values: freely });
  nodes = [await registeredNode(local.hub), await registeredNode(local.hub)];
  nodes.push(await registeredNode(local.hub));
  for (const [at, node] of nodes.entries()) await live(node, at);
  await witnessed();
});
afterAll(() => local.stop());

const admin = () => local.hub.calls.as(LearningService, personOf(Role.ADMIN));

/** A heartbeat and two true things; each node pursues its own. */
async function live(node: JoinedNode, at: number): Promise<void> {
  const nowMs = Date.now();
  const beat = { epoch: BigInt(nowMs), sequence: 1n, sentMs: BigInt(nowMs), roundTripUs: 2_000n };
  await node.nodes.heartbeat({ ...beat, health: HealthStatus.HEALTHY });
  const priorities = [{ topic: "speed", weight: at / 2, confidence: 1 }];
  const telemetry = { trustScore: 100, priorities, syncLatencyMs: 2 };
  const graph = { files: 3n, lines: 30n, digest: "d1", scannedMs: BigInt(nowMs) };
  await publish(node, [
    eventOf(node.spiffeId, TelemetrySyncSchema, telemetry),
    eventOf(node.spiffeId, GraphSummarySchema, graph, { sequence: 2n }),
  ]);
}

const head = (log: "event" | "outbox") =>
  local.hub.storage.tenant(main, (tx) => readHead(tx, log)).then(({ seq }) => seq);

/** Until the follower saw all that is in the log. */
async function witnessed(): Promise<void> {
  const { storage, world } = local.hub;
  for (;;) {
    const place = await storage.tenant(main, (tx) =>
      tx.sql
        .selectFrom("follower")
        .select(["name", "seq"])
        .where("name", "in", ["learning.witness", "event.relay"])
        .where("tenant_id", "=", main)
        .execute(),
    );
    const seqOf = (name: string) => place.find((one) => one.name === name)?.seq ?? -1n;
    const relayed = seqOf("event.relay") >= (await head("outbox"));
    if (relayed && seqOf("learning.witness") >= (await head("event"))) return;
    await world.timers.sleep(20);
  }
}

test("a cycle over a real log scores three nodes, each input on its evidence", async () => {
  const { cycle } = await admin().runCycle({ requestId: randomUUID() });
  expect(cycle?.aggregate).toMatchObject({
    participants: 3,
    unknown: 0,
    networkHealth: NetworkHealth.HEALTHY,
  });
  expect(cycle?.askedBy).toBe(personOf(Role.ADMIN).id);
  const { trust } = await admin().listTrust({});
  expect(trust.map((one) => one.nodeId).toSorted()).toEqual(nodes.map((one) => one.id).toSorted());
  for (const one of trust) {
    expect(one.score).toBeGreaterThan(99);
    expect(one.claimedScore).toBe(100);
    // The lease of a node that just came says nothing yet.
    const [, ...others] = one.inputs.map(({ value }) => value);
    expect(others).toEqual([1, 1, 1, 1]);
  }
  const [first] = trust;
  const cursors = first?.inputs.flatMap((one) => one.evidenceCursors) ?? [];
  expect(cursors.length).toBeGreaterThanOrEqual(3);
  const events = local.hub.calls.as(EventService, personOf(Role.ADMIN));
  const owner = nodes.find((node) => node.id === first?.nodeId);
  for (const cursor of new Set(cursors)) {
    const { event } = await events.getEvent({ cursor });
    const told = fromBinary(EventSchema, event?.event ?? new Uint8Array());
    expect([told.source, told.subject]).toContain(
      told.type === "node.state_changed" ? owner?.id : owner?.spiffeId,
    );
  }
  const [speed] = cycle?.priorities ?? [];
  expect(speed?.topic).toBe("speed");
  expect(speed?.weight).toBeCloseTo(0.5, 2);
});

test("whoever asks for a cycle gets one that stands on all that was stored by then", async () => {
  const [node] = nodes;
  if (node === undefined) throw new Error("nobody joined");
  const signatures = async () => {
    const { trust } = await admin().explainTrust({ node: node.name });
    return Number(trust?.inputs.find(({ kind }) => kind === InputKind.SIGNATURES_VALID)?.samples);
  };
  await admin().runCycle({ requestId: randomUUID() });
  const before = await signatures();
  const told = Array.from({ length: 250 }, (_, at) =>
    eventOf(node.spiffeId, TelemetrySyncSchema, {}, { sequence: BigInt(3 + at) }),
  );
  await publish(node, told);
  await admin().runCycle({ requestId: randomUUID() });
  expect(await signatures()).toBe(before + told.length);
});

test("one request_id runs one cycle", async () => {
  const requestId = randomUUID();
  const [a, b] = await Promise.all([
    admin().runCycle({ requestId }),
    admin().runCycle({ requestId }),
  ]);
  expect(a.cycle?.id).toBe(b.cycle?.id);
  const { cycles } = await admin().listCycles({});
  expect(cycles.filter((one) => one.id === a.cycle?.id)).toHaveLength(1);
});

test("the network's figures lead to the signed event that tells them", async () => {
  await admin().runCycle({ requestId: randomUUID() });
  await witnessed();
  const { cycle, evidenceCursor, mostReliable, slowestLink, nextMs } = await admin().getNetwork({});
  const events = local.hub.calls.as(EventService, personOf(Role.ADMIN));
  const { event, verified } = await events.getEvent({ cursor: evidenceCursor });
  expect(verified).toBe(true);
  const { payload } = fromBinary(EventSchema, event?.event ?? new Uint8Array());
  expect(fromBinary(TrustAggregateSchema, payload)).toEqual(cycle?.aggregate);
  expect(mostReliable?.score).toBe(cycle?.aggregate?.highest?.score);
  expect(slowestLink?.latencyMs).toBe(2);
  expect(Number(nextMs)).toBeLessThanOrEqual(quietCycleMs);
});

test("of two hubs one runs the cycle that is due; without new evidence nobody runs another", async () => {
  const { hub } = local;
  await admin().runCycle({ requestId: randomUUID() });
  await witnessed();
  const later = { ...hub, storage: shifted(hub.storage, quietCycleMs) };
  const before = await head("outbox");
  const ran = await Promise.allSettled(
    ["run_a", "run_b"].map((holder) => runDue(later, main, holder)),
  );
  expect(ran.filter((one) => one.status === "fulfilled" && one.value)).toHaveLength(1);
  const told = await hub.storage.tenant(main, (tx) => readLog(tx, "outbox", before));
  expect(told.entries.map((one) => one.kind)).toEqual(
    expect.arrayContaining(["trust_aggregate", "priority_share", "model_update", "insight_report"]),
  );
  await witnessed();
  const after = await head("outbox");
  const soon = { ...hub, storage: shifted(hub.storage, quietCycleMs + cycleEveryMs) };
  expect(await runDue(soon, main, "run_c").catch(() => false)).toBe(false);
  expect(await head("outbox")).toBe(after);
});

test("an admin's word changes the level, and a cycle keeps it", async () => {
  const [node] = nodes;
  const wish = { node: node?.name ?? "", level: TrustLevel.VERIFIED, reason: "we met" };
  const { trust } = await admin().setTrustLevel({ ...wish, requestId: randomUUID() });
  expect(trust?.level).toBe(TrustLevel.VERIFIED);
  await admin().runCycle({ requestId: randomUUID() });
  const explained = await admin().explainTrust({ node: node?.name ?? "" });
  expect(explained.trust?.level).toBe(TrustLevel.VERIFIED);
  expect(explained.trust?.because[0]).toContain("we met");
  expect(explained.formula).toMatch(/^100 x \(.* = \d+\.\d$/);
  const member = local.hub.calls.as(LearningService, personOf(Role.MEMBER));
  await expect(member.setTrustLevel({ ...wish, requestId: randomUUID() })).rejects.toThrow("admin");
});

test("history is read page by page, newest first", async () => {
  const node = nodes[0]?.name ?? "";
  const { points } = await admin().listTrustHistory({ node });
  const ids: string[] = [];
  for (let token = ""; ;) {
    const page = await admin().listTrustHistory({ node, page: { size: 2, token } });
    ids.push(...page.points.map((one) => one.cycleId));
    token = page.nextPageToken;
    if (token === "") break;
  }
  expect(ids).toEqual(points.map((one) => one.cycleId));
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(points[0]?.median).toBeGreaterThan(95);
});

test("a hub that starts again goes on where it was", async () => {
  const before = (await admin().listCycles({})).cycles;
  await local.stop({ keep: true });
  local = await startLocalHub({ values: freely, again: local });
  const { cycle } = await admin().runCycle({ requestId: randomUUID() });
  const { cycles } = await admin().listCycles({});
  expect(cycles.map((one) => one.id)).toEqual([cycle?.id, ...before.map((one) => one.id)]);
  const { trust } = await admin().listTrust({});
  const last = cycles[1]?.aggregate?.participants;
  expect(trust.filter((one) => one.score !== undefined)).toHaveLength(last ?? 0);
  expect(trust.every((one) => (one.reputation ?? 0) > 0.5)).toBe(true);
});
