import { setImmediate } from "node:timers/promises";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { holdRevision, raiseRevision } from "./revision.ts";
import type { Storage } from "./storage.ts";

const main = tenantProved("main");
const other = tenantProved("other");

let url = "";
let storage: Storage & AsyncDisposable;
beforeAll(async () => {
  url = (await cloneDatabase()).url;
  storage = await openTestStorage(url);
});
afterAll(() => storage[Symbol.asyncDispose]());

/** Whether a transaction of this database waits for another one's row. */
async function somebodyWaits(): Promise<boolean> {
  const waiting = `select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return (await rowsOf(url, waiting)).length > 0;
}

test("a number begins at nothing, grows by one, and is each tenant's own", async () => {
  const hold = (tenant = main) => storage.tenant(tenant, (tx) => holdRevision(tx, "rules"));
  expect(await hold()).toBe(0n);
  await storage.tenant(main, (tx) => raiseRevision(tx, "rules"));
  expect(await storage.tenant(main, (tx) => raiseRevision(tx, "rules"))).toBe(2n);
  expect(await hold()).toBe(2n);
  expect(await hold(other)).toBe(0n);
});

test.each(["never raised", "raised before"])(
  "a number that is held, %s, is raised only after its holder is done",
  async (name) => {
    if (name === "raised before") await storage.tenant(main, (tx) => raiseRevision(tx, name));
    const order: string[] = [];
    const [held, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = storage.tenant(main, async (tx) => {
      await holdRevision(tx, name);
      held.resolve();
      await go.promise;
      order.push("done");
    });
    await held.promise;
    const raised = storage.tenant(main, async (tx) => {
      const number = await raiseRevision(tx, name);
      order.push("raised");
      return number;
    });
    let over = false;
    void raised.then(() => (over = true));
    while (!over && !(await somebodyWaits())) await setImmediate();
    go.resolve();
    await Promise.all([holding, raised]);
    expect(order).toEqual(["done", "raised"]);
  },
);
