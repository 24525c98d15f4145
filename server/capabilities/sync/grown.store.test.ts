import type { Grown } from "@foedus/kernel/sync/hub.state.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { asking, notes, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { openSyncLog, type SyncLog } from "./log.store.ts";

let one: Awaited<ReturnType<typeof openTestStorage>>;
let other: typeof one;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  one = await openTestStorage(url);
  other = await openTestStorage(url);
});
afterAll(() => Promise.all([one.close(), other.close()]));

const openLog = (storage: typeof one, others?: () => boolean): SyncLog =>
  openSyncLog({ storage, incarnation: "hub-1", rules, limits, ...(others && { others }) });

/** What a process hears, and how to wait for more of it. */
function listening(log: SyncLog) {
  const stop = new AbortController();
  const heard: Grown[] = [];
  let wake = () => undefined as void;
  const run = log.watch((grown) => {
    heard.push(grown);
    wake();
  }, stop.signal);
  return {
    heard,
    async until(holds: (grown: Grown) => boolean): Promise<Grown> {
      for (;;) {
        const found = heard.find(holds);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await run;
    },
  };
}

test("a process hears what another one commits, of streams that are new to it as well", async () => {
  const [here, there] = [openLog(one), openLog(other)];
  await using ears = listening(there);
  const tenant = newTenant();
  const at = asking(here, tenant, () => one.nowMs());
  await at.commit([pushOf(replicaAt(one.nowMs(), "a"), 1, [putOf("x"), putOf("y")])]);
  const grown = await ears.until(({ key }) => key === at.key);
  expect(grown).toMatchObject({
    standing: { epoch: "hub-1", head: 2, vector: { "hub-1": 2 } },
    whose: { tenant, stream: { collection: "notes" } },
  });
  expect(grown.atParent).toBeUndefined();
});

test("what another process writes after this one is read, and after that one what this one writes", async () => {
  const [here, there] = [openLog(one), openLog(other)];
  await using ears = listening(there);
  const tenant = newTenant();
  const nowMs = one.nowMs();
  const [mine, theirs] = [asking(here, tenant, () => nowMs), asking(there, tenant, () => nowMs)];
  const [a, b] = [replicaAt(nowMs, "a"), replicaAt(nowMs, "b")];
  await theirs.commit([pushOf(b, 1, [putOf("x")])]);
  await mine.commit([pushOf(a, 1, [putOf("y")])]);
  const { standing } = await ears.until(({ key, standing: { head } }) => {
    return key === mine.key && head === 2;
  });
  there.forget(tenant, notes, standing.epoch);
  expect((await theirs.page(1)).entries.map(({ dot }) => dot?.replica)).toEqual([a]);
  expect(await theirs.page(2)).toMatchObject({ entries: [], to: 2, digest: { cells: 2 } });
  await theirs.commit([pushOf(b, 2, [putOf("z")])]);
  expect((await theirs.page(0)).entries.map(({ dot }) => dot?.replica)).toEqual([b, a, b]);
});

test("a process hears how far the parent has come, through whoever speaks with it", async () => {
  const [here, there] = [openLog(one), openLog(other)];
  await using ears = listening(there);
  const at = asking(here, newTenant(), () => one.nowMs());
  const { standing } = await at.commit([
    pushOf(replicaAt(one.nowMs(), "a"), 1, [putOf("x"), putOf("y")]),
  ]);
  await at.look({ parent: "root" });
  await at.lease("root", 1, standing.epoch, true);
  const grown = await ears.until(({ key, atParent }) => key === at.key && atParent === 1);
  expect(grown.standing.head).toBe(2);
});

test("what a process has committed itself it does not hear, nor anything while it is alone", async () => {
  const [here, alone] = [openLog(one), openLog(other, () => false)];
  const nowMs = one.nowMs();
  const mine = asking(here, newTenant(), () => nowMs);
  await mine.commit([pushOf(replicaAt(nowMs, "a"), 1, [putOf("x")])]);
  // While its own commit is on the way back, a process may hear of it too.
  await using own = listening(here);
  await using none = listening(alone);
  const theirs = asking(openLog(other), newTenant(), () => nowMs);
  await theirs.commit([pushOf(replicaAt(nowMs, "b"), 1, [putOf("x")])]);
  await own.until(({ key }) => key === theirs.key);
  expect(own.heard.filter(({ key }) => key === mine.key)).toEqual([]);
  expect(none.heard).toEqual([]);
});
