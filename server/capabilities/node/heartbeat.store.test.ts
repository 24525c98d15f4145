import { create } from "@bufbuild/protobuf";
import { HealthStatus, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { HeartbeatRequest } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { findLease } from "../../runtime/storage/lease.ts";
import { heartbeatWriter, type Beat } from "./heartbeat.store.ts";
import { saveNodes } from "./node.row.store.ts";
import { pulsesSince } from "./pulse.store.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
let other: typeof storage;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  [storage, other] = [await openTestStorage(url), await openTestStorage(url)];
});
afterAll(() => Promise.all([storage.close(), other.close()]));

const leaseMs = 15_000;

async function someNodes(tenant: TenantId, ids: readonly string[], state = NodeState.ONLINE) {
  const nodes = ids.map((id) => create(NodeSchema, { id, name: id, state }));
  await storage.tenant(tenant, (tx) => saveNodes(tx, nodes));
}

function beat(
  tenant: TenantId,
  nodeId: string,
  request: Partial<HeartbeatRequest>,
  receivedMs = 1_000,
): Beat {
  const full = create(HeartbeatRequestSchema, {
    epoch: request.epoch ?? 1n,
    sequence: request.sequence ?? 1n,
    roundTripUs: request.roundTripUs,
    health: HealthStatus.HEALTHY,
    reasons: request.reasons,
  });
  return { tenant, nodeId, receivedMs, leaseMs, skewMs: undefined, request: full };
}

test("a heartbeat is stored and renews the lease before it is answered", async () => {
  const tenant = newTenant();
  await someNodes(tenant, ["a"]);
  const writer = heartbeatWriter(storage);
  const known = await writer.add({ ...beat(tenant, "a", { roundTripUs: 5n }), skewMs: -7n });
  expect(known).toEqual({ state: NodeState.ONLINE, epoch: undefined, kept: true });
  const lease = await storage.tenant(tenant, (tx) => findLease(tx, "node", "a"));
  expect(lease).toMatchObject({ holder: "a", fence: 1n, renewedMs: 1_000, expireMs: 16_000 });
  // What is measured once stays known until it is measured again.
  await writer.add(beat(tenant, "a", { sequence: 2n }, 2_000));
  const [pulse] = await pulsesSince(storage, tenant, 0);
  expect(pulse).toMatchObject({ lastSeenMs: 2_000n, skewMs: -7n, roundTripUs: 5n });
});

test("a lapsed lease gets a new fence when its node comes back", async () => {
  const tenant = newTenant();
  await someNodes(tenant, ["a"]);
  const writer = heartbeatWriter(storage);
  const fences = [];
  for (const [sequence, ms] of [
    [1n, 0],
    [2n, leaseMs - 1],
    [3n, 2 * leaseMs - 1],
  ] as const) {
    await writer.add(beat(tenant, "a", { sequence }, ms));
    fences.push((await storage.tenant(tenant, (tx) => findLease(tx, "node", "a")))?.fence);
  }
  expect(fences).toEqual([1n, 1n, 2n]);
});

test("in whatever order to two hubs, the latest heartbeat stands, each counts once", async () => {
  const beats = fc.array(
    fc.record({
      node: fc.constantFrom("a", "b", "c"),
      epoch: fc.bigInt({ min: 1n, max: 3n }),
      sequence: fc.bigInt({ min: 1n, max: 6n }),
      hub: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );
  const writers = [heartbeatWriter(storage), heartbeatWriter(other)] as const;
  await fc.assert(
    fc.asyncProperty(beats, async (list) => {
      const tenant = newTenant();
      await someNodes(tenant, ["a", "b", "c"]);
      const answers = await Promise.all(
        list.map(({ node, epoch, sequence, hub }) =>
          writers[hub ? 0 : 1].add(beat(tenant, node, { epoch, sequence })),
        ),
      );
      for (const node of ["a", "b", "c"]) {
        const mine = list.map((one, at) => ({ ...one, kept: answers[at]?.kept ?? false }));
        const kept = mine.filter((one) => one.node === node && one.kept);
        const places = kept.map(({ epoch, sequence }) => epoch * 10n + sequence);
        expect(new Set(places).size).toBe(places.length);
        const all = mine.filter((one) => one.node === node);
        const latest = all.map(({ epoch, sequence }) => epoch * 10n + sequence);
        if (latest.length > 0) expect(places).toContain(latest.reduce((a, b) => (a > b ? a : b)));
      }
    }),
    { numRuns: 40 },
  );
});

test("groups span tenants, and each node is its own tenant's", async () => {
  const [one, two] = [newTenant(), newTenant()];
  await someNodes(one, ["a"]);
  await someNodes(two, ["a"], NodeState.OFFLINE);
  const writer = heartbeatWriter(storage);
  // The first is under way while the others gather into one group.
  const answers = await Promise.all([
    writer.add(beat(one, "a", {})),
    writer.add(beat(one, "a", { sequence: 2n })),
    writer.add(beat(two, "a", { epoch: 9n })),
    writer.add(beat(one, "a", { sequence: 2n })),
    writer.add(beat(two, "b", {})),
  ]);
  expect(answers).toEqual([
    { state: NodeState.ONLINE, epoch: undefined, kept: true },
    { state: NodeState.ONLINE, epoch: 1n, kept: true },
    { state: NodeState.OFFLINE, epoch: undefined, kept: true },
    { state: NodeState.ONLINE, epoch: 1n, kept: false },
    { state: undefined, epoch: undefined, kept: false },
  ]);
});

test("a retired node's heartbeat renews nothing", async () => {
  const tenant = newTenant();
  await someNodes(tenant, ["a"], NodeState.RETIRED);
  const known = await heartbeatWriter(storage).add(beat(tenant, "a", {}));
  expect(known).toEqual({ state: NodeState.RETIRED, epoch: undefined, kept: false });
  expect(await storage.tenant(tenant, (tx) => findLease(tx, "node", "a"))).toBeUndefined();
});

test("a reason with a NUL in it is kept like any other, and harms nobody else's", async () => {
  const tenant = newTenant();
  await someNodes(tenant, ["a", "b"]);
  const writer = heartbeatWriter(storage);
  const answers = await Promise.all([
    writer.add(beat(tenant, "a", { reasons: ["a\0b"] })),
    writer.add(beat(tenant, "b", {})),
  ]);
  expect(answers.map(({ kept }) => kept)).toEqual([true, true]);
});
