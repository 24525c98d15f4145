import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { asking, notes, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { parentName } from "./opening.ts";
import { openSyncLog, type SyncLog } from "./log.store.ts";
import { openParents, readParent } from "./parent.store.ts";

let storage: Storage;
let log: SyncLog;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url);
  log = openSyncLog({ storage, incarnation: "hub-1", rules, limits });
});
afterAll(() => storage.close());

const [first, other] = ["first.example", "other.example"].map((hubName) => {
  return { hubName, zones: ["world"] };
});
if (first === undefined || other === undefined) throw new Error("no parents");

const refused = { reason: Reason.SYNC_PARENT_NOT_DRAINED };

/** A hub that has met its parent, and holds two writes of which the parent has one. */
async function behind() {
  const tenant = newTenant();
  await (await openParents(storage, tenant)).meet(first ?? { hubName: "", zones: [] });
  const nowMs = storage.nowMs();
  const at = asking(log, tenant, () => nowMs);
  const { standing } = await at.commit([
    pushOf(replicaAt(nowMs, "a"), 1, [putOf("x"), putOf("y")]),
  ]);
  await at.look({ parent: parentName });
  const has = (seq: number) => at.lease(parentName, seq, standing.epoch, true);
  await has(1);
  return { tenant, has };
}

test("a hub whose former parent lacks something is given no other one", async () => {
  const { tenant, has } = await behind();
  const parents = await openParents(storage, tenant);
  await expect(parents.meet(other)).rejects.toMatchObject({
    ...refused,
    facts: { former: "first.example", parent: "other.example", streams: "1" },
  });
  await parents.meet(first);
  await has(2);
  await (await openParents(storage, tenant)).meet(other);
  expect(await readParent(storage, tenant)).toMatchObject({ name: "other.example", lacks: 0 });
});

test("what is written while another parent is being met does not count against it", async () => {
  const { tenant, has } = await behind();
  await has(2);
  const parents = await openParents(storage, tenant);
  const at = asking(log, tenant, () => storage.nowMs());
  await at.commit([pushOf(replicaAt(storage.nowMs(), "b"), 1, [putOf("z")])]);
  await parents.meet(other);
});

test("a zone that the former parent does not stand in keeps nobody", async () => {
  const tenant = newTenant();
  await (await openParents(storage, tenant)).meet({ hubName: "first.example", zones: ["us"] });
  const at = asking(log, tenant, () => storage.nowMs(), notes);
  await at.commit([pushOf(replicaAt(storage.nowMs(), "a"), 1, [putOf("x")])]);
  await (await openParents(storage, tenant)).meet(other);
});

test("a hub that never had a parent takes any", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => storage.nowMs());
  await at.commit([pushOf(replicaAt(storage.nowMs(), "a"), 1, [putOf("x")])]);
  expect(await readParent(storage, tenant)).toBeUndefined();
  await (await openParents(storage, tenant)).meet(first);
});
