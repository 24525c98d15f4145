import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { acquireLease, findLease, lapsedLeases, releaseLease, renewLease } from "./lease.ts";
import type { Lease } from "./lease.ts";
import type { TenantTx } from "./storage.ts";

const forMs = 1_000;
let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url, { connectionsMax: 6 });
});

afterAll(async () => {
  await storage.close();
});

/** A transaction at a chosen time; leases know no other clock than the transaction's. */
async function at<T>(tenant: TenantId, nowMs: number, work: (tx: TenantTx) => Promise<T>) {
  return await storage.tenant(tenant, (tx) => work({ ...tx, nowMs }));
}

const wish = (holder: string, name = "thing") => ({ kind: "test", name, holder, forMs });

async function reasonOf(act: Promise<unknown>): Promise<Reason | undefined> {
  try {
    await act;
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
}

test("two claims, one winner, and the other is told who and how long", async () => {
  const tenant = newTenant();
  const lease = await at(tenant, 1_000, (tx) => acquireLease(tx, wish("a")));
  expect(lease).toMatchObject({ holder: "a", fence: 1n, renewedMs: 1_000, expireMs: 2_000 });
  const refused = at(tenant, 1_400, (tx) => acquireLease(tx, wish("b")));
  await expect(refused).rejects.toMatchObject({
    reason: Reason.LEASE_HELD,
    facts: { name: "thing", holder: "a", remaining_ms: "600" },
  });
});

test("the holder that asks again keeps its fence while the lease holds, and not after", async () => {
  const tenant = newTenant();
  await at(tenant, 1_000, (tx) => acquireLease(tx, wish("a")));
  const again = await at(tenant, 1_500, (tx) => acquireLease(tx, wish("a")));
  expect(again).toMatchObject({ fence: 1n, expireMs: 2_500 });
  const late = await at(tenant, 2_500, (tx) => acquireLease(tx, wish("a")));
  expect(late.fence).toBe(2n);
});

test("a lapsed lease cannot be renewed, nor one that somebody else took", async () => {
  const tenant = newTenant();
  const lease = await at(tenant, 1_000, (tx) => acquireLease(tx, wish("a")));
  const renewed = await at(tenant, 1_900, (tx) => renewLease(tx, lease, forMs));
  expect(renewed).toMatchObject({ fence: 1n, expireMs: 2_900 });
  expect(await reasonOf(at(tenant, 2_900, (tx) => renewLease(tx, lease, forMs)))).toBe(
    Reason.LEASE_LOST,
  );
  await at(tenant, 3_000, (tx) => acquireLease(tx, wish("b")));
  expect(await reasonOf(at(tenant, 3_001, (tx) => renewLease(tx, lease, forMs)))).toBe(
    Reason.LEASE_LOST,
  );
});

test("what is given back is free at once; giving back what was lost changes nothing", async () => {
  const tenant = newTenant();
  const first = await at(tenant, 1_000, (tx) => acquireLease(tx, wish("a")));
  await at(tenant, 1_100, (tx) => releaseLease(tx, first));
  const second = await at(tenant, 1_100, (tx) => acquireLease(tx, wish("b")));
  expect(second.fence).toBe(2n);
  await at(tenant, 1_200, (tx) => releaseLease(tx, first));
  expect(await at(tenant, 1_200, (tx) => findLease(tx, "test", "thing"))).toEqual(second);
});

test("another tenant's lease of the same name is another lease", async () => {
  await at(newTenant(), 1_000, (tx) => acquireLease(tx, wish("a")));
  const other = await at(newTenant(), 1_000, (tx) => acquireLease(tx, wish("b")));
  expect(other).toMatchObject({ holder: "b", fence: 1n });
});

test("forty holders at once, one winner, a hundred times, and the fence grows by one", async () => {
  const tenant = newTenant();
  for (let round = 1; round <= 100; round++) {
    const nowMs = round * forMs;
    const claims = Array.from({ length: 40 }, (_, holder) =>
      at(tenant, nowMs, (tx) => acquireLease(tx, wish(`holder ${holder}`))),
    );
    const won = (await Promise.allSettled(claims)).filter(({ status }) => status === "fulfilled");
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({ value: { fence: BigInt(round) } });
  }
});

/** What a lease is, said a second time. */
interface Model {
  holder: string;
  fence: number;
  expireMs: number;
}

type Act = { kind: "acquire" | "renew" | "release" | "wait"; holder: string; ms: number };

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom("acquire", "renew", "release", "wait"),
  holder: fc.constantFrom("a", "b", "c"),
  ms: fc.integer({ min: 1, max: forMs }),
});

test("whatever happens in whatever order, one holds, and later holders have higher fences", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const tenant = newTenant();
      const model: Model = { holder: "", fence: 0, expireMs: 0 };
      const held = new Map<string, Lease>();
      let nowMs = 1_000;
      for (const { kind, holder, ms } of acts) {
        nowMs += ms;
        const lease = held.get(holder);
        const isHolder = model.holder === holder && model.expireMs > nowMs;
        const isCurrent = isHolder && lease?.fence === BigInt(model.fence);
        if (kind === "acquire") {
          const free = isHolder || model.expireMs <= nowMs;
          const work = at(tenant, nowMs, (tx) => acquireLease(tx, wish(holder)));
          const got = await work.catch(() => undefined);
          expect(got !== undefined).toBe(free);
          if (got === undefined) continue;
          Object.assign(model, { holder, expireMs: nowMs + forMs });
          model.fence += isHolder ? 0 : 1;
          expect(got.fence).toBe(BigInt(model.fence));
          held.set(holder, got);
        } else if (kind === "renew" && lease !== undefined) {
          const reason = await reasonOf(at(tenant, nowMs, (tx) => renewLease(tx, lease, forMs)));
          expect(reason === undefined).toBe(isCurrent);
          if (isCurrent) model.expireMs = nowMs + forMs;
        } else if (kind === "release" && lease !== undefined) {
          await at(tenant, nowMs, (tx) => releaseLease(tx, lease));
          if (isCurrent) model.expireMs = nowMs;
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("lapsed leases come earliest first, of all tenants and of one kind", async () => {
  const [one, other] = [newTenant(), newTenant()];
  const kind = "lapsing";
  const claim = (tenant: TenantId, name: string, nowMs: number) =>
    at(tenant, nowMs, (tx) => acquireLease(tx, { kind, name, holder: "h", forMs }));
  await claim(one, "second", 2_000);
  await claim(other, "first", 1_000);
  await claim(one, "alive", 9_000);
  await at(one, 1_000, (tx) => acquireLease(tx, wish("h", "of another kind")));
  const lapsed = await storage.sweep((tx) => lapsedLeases({ ...tx, nowMs: 5_000 }, kind, 0, 10));
  expect(lapsed.map(({ tenantName, name }) => [tenantName, name])).toEqual([
    [other, "first"],
    [one, "second"],
  ]);
  const later = await storage.sweep((tx) => lapsedLeases({ ...tx, nowMs: 5_000 }, kind, 2_000, 10));
  expect(later.map(({ name }) => name)).toEqual(["second"]);
});
