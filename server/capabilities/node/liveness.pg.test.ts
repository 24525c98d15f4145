import { create } from "@bufbuild/protobuf";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { NodeStateChangedSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { HealthStatus, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage, silentLog } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { readLog } from "../../runtime/storage/log.ts";
import { heartbeatWriter } from "./heartbeat.store.ts";
import { openLiveness } from "./liveness.loop.ts";
import { saveNodes } from "./node.row.store.ts";
import { nodeStore } from "./node.store.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url);
});
afterAll(() => storage.close());

const hourMs = 3_600_000;
const heartbeatMs = 300;
/** Long beside what is done within one, on a slow machine too. */
const leaseMs = 4_000;

function configOf(terms: { readonly leaseMs: number; readonly heartbeatMs: number }) {
  const [heartbeat, lease] = [BigInt(terms.heartbeatMs), BigInt(terms.leaseMs)];
  return create(HubConfigSchema, { heartbeatMs: heartbeat, leaseMs: lease });
}

/** A hub's watch over leases, from now to the end of the block; it may change its terms. */
function watching(terms = { leaseMs, heartbeatMs }, world = storage.world) {
  const hub = { storage: { ...storage, world }, log: silentLog, config: () => configOf(terms) };
  const liveness = openLiveness(hub, nodeStore(storage));
  const ending = new AbortController();
  const running = liveness.loop.run(ending.signal);
  const end = () => (ending.abort(), running);
  return { liveness, [Symbol.asyncDispose]: end };
}

async function nodeOf(tenant: TenantId, id: string, state: NodeState): Promise<void> {
  const node = create(NodeSchema, { id, name: id, state });
  await storage.tenant(tenant, (tx) => saveNodes(tx, [node]));
}

let sequence = 0n;

/** A heartbeat that reached some hub at that time. */
async function beat(tenant: TenantId, nodeId: string, receivedMs: number): Promise<void> {
  sequence += 1n;
  const request = create(HeartbeatRequestSchema, {
    epoch: 1n,
    sequence,
    health: HealthStatus.HEALTHY,
  });
  const one = { tenant, nodeId, receivedMs, leaseMs, skewMs: undefined, request };
  await heartbeatWriter(storage).add(one);
}

/** Comes back half a lease after the hub did, and stays. */
async function keepBeating(tenant: TenantId, nodeId: string, signal: AbortSignal): Promise<void> {
  await storage.world.timers.sleep(leaseMs / 2, signal);
  while (!signal.aborted) {
    await beat(tenant, nodeId, storage.nowMs());
    await storage.world.timers.sleep(heartbeatMs, signal);
  }
}

interface Told {
  readonly id: string;
  readonly state: NodeState | undefined;
  readonly was: NodeState;
  readonly storedMs: number;
}

/** The first changes of state that the outbox tells, as many as asked for. */
async function changes(tenant: TenantId, count: number): Promise<Told[]> {
  const ending = new AbortController();
  for (;;) {
    const grown = storage.wake.next("outbox", tenant, ending.signal);
    const { entries } = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", 0n));
    if (entries.length < count) {
      await grown;
      continue;
    }
    ending.abort();
    return entries.map(({ body, storedMs }) => {
      const { node, was } = fromBody(NodeStateChangedSchema, body);
      return { id: node?.id ?? "", state: node?.state, was, storedMs: Number(storedMs) };
    });
  }
}

const { ONLINE, DEGRADED, OFFLINE } = NodeState;

test("a silent node is degraded, then offline within a second of its lease's end", async () => {
  const tenant = newTenant();
  // The hub's own grace is over when the silence begins.
  const terms = { leaseMs: 1, heartbeatMs };
  await using hub = watching(terms);
  await until(() => expect(hub.liveness.terms().judgedFromMs).toBeLessThan(storage.nowMs()));
  terms.leaseMs = leaseMs;
  await nodeOf(tenant, "a", ONLINE);
  const seenMs = storage.nowMs();
  await beat(tenant, "a", seenMs);
  const [first, second] = await changes(tenant, 2);
  expect(first).toMatchObject({ state: DEGRADED, was: ONLINE });
  expect(second).toMatchObject({ state: OFFLINE, was: DEGRADED });
  const lateMs = (second?.storedMs ?? 0) - (seenMs + leaseMs);
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(1_000 * slowTimes);
  expect(hub.liveness.terms().judgedFromMs).toBeLessThan(seenMs + leaseMs);
});

test("a node that comes back is online at once", async () => {
  const tenant = newTenant();
  // It does not look by itself: only the heartbeat makes it.
  const { timers } = storage.world;
  const sleep: typeof timers.sleep = (_ms, signal) => timers.sleep(hourMs, signal);
  await using hub = watching(undefined, { ...storage.world, timers: { ...timers, sleep } });
  await until(() => expect(hub.liveness.terms().judgedFromMs).toBeLessThan(Infinity));
  await nodeOf(tenant, "a", OFFLINE);
  const seenMs = storage.nowMs();
  await beat(tenant, "a", seenMs);
  const pulse = {
    seenMs,
    expireMs: seenMs + leaseMs,
    health: HealthStatus.HEALTHY,
    reasons: [],
    skewMs: undefined,
    roundTripUs: undefined,
  };
  hub.liveness.notice({ tenant, nodeId: "a", was: OFFLINE, pulse });
  const [told] = await changes(tenant, 1);
  expect(told).toMatchObject({ state: ONLINE, was: OFFLINE });
});

test("after an outage of the hub everybody has one lease time to come back", async () => {
  const tenant = newTenant();
  const awayMs = storage.nowMs() - hourMs;
  for (const id of ["gone", "back"]) {
    await nodeOf(tenant, id, ONLINE);
    await beat(tenant, id, awayMs);
  }
  // Whoever beats is never late: its lease alone counts.
  await using hub = watching({ leaseMs, heartbeatMs: leaseMs });
  const ending = new AbortController();
  const beating = keepBeating(tenant, "back", ending.signal);
  const [told] = await changes(tenant, 1);
  ending.abort();
  await beating;
  // One that did not use its time is told of, once that is over; the other one is not.
  expect(told).toMatchObject({ id: "gone", state: OFFLINE, was: ONLINE });
  expect(told?.storedMs).toBeGreaterThanOrEqual(hub.liveness.terms().judgedFromMs);
});
