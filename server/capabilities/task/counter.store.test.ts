// Where workers wait for tasks, and a database that is away, or slower than what happens meanwhile.
import { randomUUID } from "node:crypto";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { shared } from "../../../tests/support/shared.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { Desk } from "./desk.loop.ts";
import { reportWriter } from "./report.store.ts";

const tasks: Tasks = shared(
  async () => {
    const { url } = await cloneDatabase();
    const storage = await openTestStorage(url);
    return { url, storage, reports: reportWriter(storage), pass: () => undefined };
  },
  ({ storage }) => storage.close(),
);

/** A desk over a database that a test can break and hold up, and what waits at it. */
function deskOf(tenant: TenantId) {
  const gone = new AbortController();
  const state = { lacks: "", reads: 0, answers: Promise.resolve(), asked: () => undefined as void };
  const whole = tasks.storage;
  const storage: Storage = {
    ...whole,
    async tenant(whose, work) {
      if (state.lacks === "lines") throw new Error("no database");
      const found = await whole.tenant(whose, work);
      state.reads += 1;
      await state.answers;
      return found;
    },
    get hot() {
      state.asked();
      if (state.lacks === "claims") throw new Error("no database");
      return whole.hot;
    },
  };
  const desk = new Desk(storage);
  const claim = async (mayRepeat: boolean, claimId = randomUUID()) => {
    const holder = { nodeId: "node_1", worker: "w", claimId };
    const offer = { kinds: [], capabilities: [], labels: {}, models: [] };
    const node = { nodeId: "node_1", labels: {} };
    const wish = { tenant, queue: "work", holder, offer, node, mayRepeat, count: () => 1 };
    return (await desk.claim(wish, gone.signal)).map(({ live }) => live.id);
  };
  return { desk, claim, state, gone };
}

test.each(["lines", "claims"])(
  "while the database gives no %s, who asks once hears of it, and a stream waits until it is back",
  async (lacks) => {
    const tenant = newTenant();
    const { claim, state, desk } = deskOf(tenant);
    const [id] = await tasksOf(tasks, tenant).ids({});
    state.lacks = lacks;
    const streams = claim(false);
    await expect(claim(true)).rejects.toThrow("no database");
    expect(desk.waiting).toBe(1);
    state.lacks = "";
    expect(await streams).toEqual([id]);
  },
);

test("who leaves while it is asked for gets what was claimed for it", async () => {
  const tenant = newTenant();
  const { claim, state, gone, desk } = deskOf(tenant);
  const [id] = await tasksOf(tasks, tenant).ids({});
  state.asked = () => gone.abort();
  expect(await claim(false)).toEqual([id]);
  expect(desk.waiting).toBe(0);
});

test("who asks again under the same claim_id takes the place of the one before", async () => {
  const tenant = newTenant();
  const { claim, desk } = deskOf(tenant);
  const claimId = randomUUID();
  const first = claim(true, claimId);
  const second = claim(true, claimId);
  expect(await first).toEqual([]);
  expect(desk.waiting).toBe(1);
  const taken = await tasksOf(tasks, tenant).submit({});
  desk.ready(taken.map(({ task: { queue, line } }) => ({ tenant, queue, line })));
  expect(await second).toEqual(taken.map(({ task }) => task.live.id));
});

test("what comes into a new line while lines are read is taken as soon as they are", async () => {
  const tenant = newTenant();
  const { claim, desk, state } = deskOf(tenant);
  const { promise, resolve } = Promise.withResolvers<void>();
  state.answers = promise;
  const claimed = claim(false);
  await expect.poll(() => state.reads).toBe(1);
  const [id] = await tasksOf(tasks, tenant).ids({});
  await desk.look();
  resolve();
  expect(await claimed).toEqual([id]);
});

test("where the database goes while waiters are asked for singly, all of them are asked for again", async () => {
  const tenant = newTenant();
  const { claim, desk, state } = deskOf(tenant);
  await tasksOf(tasks, tenant).ids({});
  let asked = 0;
  const failures = new Map([
    [1, "22021"],
    [3, "57P01"],
  ]);
  state.asked = () => {
    asked += 1;
    const code = failures.get(asked);
    if (code !== undefined) throw Object.assign(new Error("failed"), { code });
  };
  const all = Array.from({ length: 4 }, () => claim(false));
  await expect.poll(() => asked).toBeGreaterThanOrEqual(3);
  const more = await tasksOf(tasks, tenant).submit({}, {}, {});
  desk.ready(more.map(({ task: { queue, line } }) => ({ tenant, queue, line })));
  expect((await Promise.all(all)).map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect(desk.waiting).toBe(0);
});
