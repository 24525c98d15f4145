import { utcDay } from "@foedus/kernel/time.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";
import { turnDays } from "./days.ts";
import { appendLog, readLog } from "./log.ts";

const dayMs = 86_400_000;
const keepDays = 3;
let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url, { connectionsMax: 6 });
});

afterAll(async () => {
  await storage.close();
});

/** Appends as if it were some days ago. */
async function append(tenant: TenantId, daysAgo: number, ...subjects: string[]): Promise<void> {
  const entries = subjects.map((subject) => {
    return { kind: "k", source: "", subject, body: new Uint8Array(1) };
  });
  await storage.tenant(tenant, async (tx) => {
    await appendLog({ ...tx, nowMs: tx.nowMs - daysAgo * dayMs }, "event", entries);
  });
}

async function read(tenant: TenantId, after: bigint) {
  const page = await storage.tenant(tenant, (tx) => readLog(tx, "event", after, 100));
  return { ...page, entries: page.entries.map(({ subject }) => subject) };
}

async function addDay(daysAgo: number): Promise<void> {
  const day = utcDay(storage.nowMs() - daysAgo * dayMs);
  await rowsOf(url, `select foedus_add_log_day('event', '${day}')`);
}

async function partitions(): Promise<number> {
  const rows = await rowsOf(url, `select 1 from pg_class where relname ~ '^event_log_[0-9]{8}$'`);
  return rows.length;
}

test("today and three days ahead have partitions, however often one asks", async () => {
  expect(await turnDays(storage, "event", keepDays)).toBe(0);
  expect(await turnDays(storage, "event", keepDays)).toBe(0);
  expect(await partitions()).toBe(4);
});

test("days that are too old are dropped, and told as a gap", async () => {
  const tenant = newTenant();
  for (const daysAgo of [9, 5, 4, 3]) await addDay(daysAgo);
  await append(tenant, 9, "1", "2");
  await append(tenant, 5, "3");
  await append(tenant, 4, "4");
  await append(tenant, 3, "5");
  await append(tenant, 0, "6");
  expect(await read(tenant, 0n)).toMatchObject({ gap: undefined, cursor: 6n });
  expect(await turnDays(storage, "event", keepDays)).toBe(3);
  expect(await read(tenant, 0n)).toEqual({
    entries: ["5", "6"],
    gap: { from: 1n, to: 4n },
    cursor: 6n,
    head: 6n,
  });
  expect(await read(tenant, 2n)).toMatchObject({ gap: { from: 3n, to: 4n } });
  expect(await read(tenant, 4n)).toMatchObject({ gap: undefined, entries: ["5", "6"] });
});

test("a log of which nothing is left tells all of it as a gap, and goes on counting", async () => {
  const tenant = newTenant();
  await addDay(7);
  await append(tenant, 7, "1", "2");
  await turnDays(storage, "event", keepDays);
  expect(await read(tenant, 0n)).toEqual({
    entries: [],
    gap: { from: 1n, to: 2n },
    cursor: 2n,
    head: 2n,
  });
  await append(tenant, 0, "3");
  expect(await read(tenant, 2n)).toMatchObject({ entries: ["3"], gap: undefined });
});

test("what was written before its day had a partition moves into it, and goes with it", async () => {
  const tenant = newTenant();
  await append(tenant, 20, "1");
  await append(tenant, 21, "2");
  await addDay(20);
  expect(await read(tenant, 0n)).toMatchObject({ entries: ["1", "2"], gap: undefined });
  const left = await rowsOf(url, `select seq from event_log_default where tenant_id = '${tenant}'`);
  expect(left).toHaveLength(1);
  await turnDays(storage, "event", keepDays);
  expect(await read(tenant, 0n)).toMatchObject({ entries: [], gap: { from: 1n, to: 2n } });
  expect(await rowsOf(url, "select 1 from event_log_default")).toEqual([]);
});

test("days turn while four write and two read: nobody fails, and nothing is missed in silence", async () => {
  const tenant = newTenant();
  let writing = true;
  const write = async (writer: number) => {
    for (let turn = 0; turn < 40; turn++) {
      await append(tenant, [10, 4, 1, 0][writer] ?? 0, `${writer}.${turn}`);
    }
  };
  const pull = async () => {
    let told = 0n;
    for (let last = false; ; last = !writing) {
      const page = await storage.tenant(tenant, (tx) => readLog(tx, "event", told, 5));
      if (page.gap !== undefined) {
        expect(page.gap.from).toBe(told + 1n);
        told = page.gap.to;
      }
      for (const { seq } of page.entries) expect(seq).toBe((told += 1n));
      if (last && page.cursor >= page.head) return told;
    }
  };
  const turning = (async () => {
    while (writing) {
      for (const daysAgo of [10, 4, 1]) await addDay(daysAgo);
      await turnDays(storage, "event", keepDays);
    }
  })();
  const pulling = [pull(), pull()];
  await Promise.all([0, 1, 2, 3].map((writer) => write(writer)));
  writing = false;
  await turning;
  expect(await Promise.all(pulling)).toEqual([160n, 160n]);
});

test("a long reader delays the turn by a second, and nobody else", async () => {
  const tenant = newTenant();
  await addDay(30);
  await append(tenant, 30, "1");
  const reading = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const reader = storage.tenant(tenant, async (tx) => {
    await readLog(tx, "event", 0n);
    reading.resolve();
    await done.promise;
  });
  await reading.promise;
  const startMs = performance.now();
  expect(await turnDays(storage, "event", keepDays)).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(5_000 * slowTimes);
  await append(tenant, 0, "2");
  done.resolve();
  await reader;
  // PostgreSQL's own upkeep may read there too: then it is the next turn's.
  await until(async () => expect(await turnDays(storage, "event", keepDays)).toBe(1));
  expect(await read(tenant, 0n)).toMatchObject({ entries: ["2"], gap: { from: 1n, to: 1n } });
});
