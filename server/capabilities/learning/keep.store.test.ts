import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { acquireLease } from "../../runtime/storage/lease.ts";
import { keptCycle, thin } from "./keep.store.ts";
import { learningStore } from "./learning.store.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const hoursADay = 24;
let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url, { connectionsMax: 6 });
});
afterAll(() => storage.close());

/** Cycles that ended so long ago, each with as many standings; returns their ids. */
async function cycles(tenant: TenantId, agesMs: readonly number[], nodes = 1): Promise<string[]> {
  return await storage.tenant(tenant, async (tx) => {
    const { random, clock } = tx.world;
    const ends = agesMs.map((ms) => tx.nowMs - ms);
    const ids = ends.map((ms) => newId("cyc", { random, clock: { ...clock, now: () => ms } }));
    await sql`insert into learning_cycle (tenant_id, id, end_ms, body)
      select ${tenant}, u.*, ''::bytea from unnest(${ids}::text[], ${ends}::bigint[]) as u`.execute(
      tx.sql,
    );
    await sql`insert into learning_trust (tenant_id, cycle_id, node_id, body)
      select ${tenant}, id, 'node_' || n, ''::bytea
      from unnest(${ids}::text[]) as u (id), generate_series(1, ${nodes}) as n`.execute(tx.sql);
    await sql`insert into learning_state values (${tenant}, 0, 0, ${tx.nowMs})`.execute(tx.sql);
    return ids;
  });
}

async function left(tenant: TenantId): Promise<[cycles: number, standings: number]> {
  const count = async (table: string) => {
    const { rows } = await storage.tenant(tenant, (tx) =>
      sql<{ n: bigint }>`select count(*) as n from ${sql.table(table)}
        where tenant_id = ${tenant}`.execute(tx.sql),
    );
    return Number(rows[0]?.n);
  };
  return [await count("learning_cycle"), await count("learning_trust")];
}

test("a month of cycles, one a minute, becomes a day of them and one of each hour", async () => {
  const tenant = newTenant();
  const days = 30;
  // None is within a minute of the edge of a day ago, whatever the time of the test.
  const ages = Array.from({ length: days * 1_440 - 1 }, (_, at) => at * minuteMs + 1);
  const ids = await cycles(tenant, ages);
  expect(await learningStore(storage).tenants()).toContain(tenant);
  await thin(storage, tenant, "run_a");
  const [kept, standings] = await left(tenant);
  expect(standings).toBe(kept);
  expect(kept).toBeGreaterThanOrEqual(1_440 + (days - 1) * hoursADay - 1);
  expect(kept).toBeLessThanOrEqual(1_440 + (days - 1) * hoursADay + 1);
  expect(await thin(storage, tenant, "run_a")).toBe(0);
  expect(await storage.tenant(tenant, (tx) => keptCycle(tx, ids[0] ?? ""))).toBe(ids[0]);
});

test("many nodes go cycle by cycle: none is ever left with some of its standings", async () => {
  const tenant = newTenant();
  const ages = Array.from({ length: 130 }, (_, at) => 2 * dayMs + at * minuteMs);
  await cycles(tenant, ages, 300);
  const stop = new AbortController();
  const steps: [number, number][] = [];
  const watched = {
    ...storage,
    async tenant<T>(of: TenantId, work: Parameters<typeof storage.tenant<T>>[1]) {
      steps.push(await left(tenant));
      // The hub stops in the middle of it.
      if (steps.length > 3) stop.abort();
      return await storage.tenant(of, work);
    },
  };
  await thin(watched, tenant, "run_a", stop.signal);
  steps.push(await left(tenant));
  expect(steps.length).toBeGreaterThan(3);
  for (const [count, standings] of steps) expect(standings).toBe(count * 300);
  await thin(storage, tenant, "run_b");
  expect((await left(tenant))[0]).toBeLessThanOrEqual(4);
});

test("of two hubs one thins a tenant out, and its turn ends with its work", async () => {
  const tenant = newTenant();
  await cycles(tenant, [2 * dayMs, 2 * dayMs + 1]);
  const wish = { kind: "learning", name: "thin", holder: "run_b", forMs: minuteMs };
  await storage.tenant(tenant, (tx) => acquireLease(tx, wish));
  await expect(thin(storage, tenant, "run_a")).rejects.toThrow("run_b");
  const later = shifted(storage, 2 * minuteMs);
  await thin(later, tenant, "run_a");
  await thin(later, tenant, "run_c");
});

test("a cycle that was thinned out is told apart from one that never was", async () => {
  const tenant = newTenant();
  const [newest = "", gone = ""] = await cycles(tenant, [dayMs * 40, dayMs * 500]);
  await thin(storage, tenant, "run_a");
  const asked = (id: string) => storage.tenant(tenant, (tx) => keptCycle(tx, id));
  const fault = async (id: string) =>
    asked(id).then(
      () => undefined,
      (error: unknown) => (error instanceof Fault ? error : undefined),
    );
  expect(await asked(newest)).toBe(newest);
  expect(await fault(gone)).toMatchObject({ reason: Reason.CYCLE_NOT_KEPT });
  expect((await fault(gone))?.message).toContain(newest);
  expect(await fault(gone.slice(0, -1))).toMatchObject({ reason: Reason.NOT_FOUND });
  expect(await fault("cyc_zzzzzzzzzzzzzzzzzzzzzzzzzz")).toMatchObject({
    reason: Reason.NOT_FOUND,
  });
});
