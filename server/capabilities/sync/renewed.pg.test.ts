// Another database answers under the address of a hub that lives on.
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Refusal, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { create } from "@bufbuild/protobuf";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase, onDatabase } from "../../../tests/support/database.ts";
import { coreOf, drive, sit } from "../../../tests/support/driven.ts";
import { openTestStorage, silentLog } from "../../../tests/support/storage.ts";
import { asking, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { openCore, renewIfOther } from "./core.loop.ts";
import { openIncarnation } from "./incarnation.store.ts";
import { openSyncLog } from "./log.store.ts";
import type { Seat } from "./seat.ts";

const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });

async function open(url: string): Promise<Storage> {
  const storage = await openTestStorage(url);
  onTestFinished(() => storage.close());
  return storage;
}

/** A hub that has committed two ops, and a copy of its database from after the first of them. */
async function hubWithCopy() {
  const tenant = newTenant();
  const { url } = await cloneDatabase();
  const name = `copy_${new URL(url).pathname.slice(1)}`;
  const first = await openTestStorage(url);
  const nowMs = first.nowMs();
  const incarnation = await openIncarnation(first);
  const replica = replicaAt(nowMs, "a");
  const before = asking(openSyncLog({ storage: first, incarnation, rules, limits }), tenant, () => {
    return nowMs;
  });
  await before.commit([pushOf(replica, 1, [putOf("x")])]);
  await first.close();
  const template = new URL(url).pathname.slice(1);
  await rowsOf(onDatabase(url, "postgres"), `create database ${name} template ${template}`);
  const [here, copy] = [await open(url), await open(onDatabase(url, name))];
  const behind = { storage: here };
  const storage: Storage = {
    ...here,
    tenant: (whose, work) => behind.storage.tenant(whose, work),
    sweep: (work) => behind.storage.sweep(work),
    get sweeper() {
      return behind.storage.sweeper;
    },
  };
  const log = openSyncLog({ storage, incarnation, rules, limits });
  const at = asking(log, tenant, () => nowMs);
  await at.commit([pushOf(replica, 2, [putOf("y")])]);
  const moved = () => void (behind.storage = copy);
  return { tenant, storage, log, at, replica, incarnation, moved };
}

type HubWithCopy = Awaited<ReturnType<typeof hubWithCopy>>;

async function driverOver({ tenant, storage, log, replica }: HubWithCopy) {
  let shelved = await log.shelved();
  const driver = drive({
    nowMs: () => storage.nowMs(),
    answer: (request) => log.answer(request, storage.nowMs()),
    boot: () => coreOf(log.hub(), shelved),
    reincarnate: async () => {
      await log.reincarnate();
      shelved = await log.shelved();
    },
  });
  const seat = sit(driver, "s", { tenant, replica });
  await seat.take(framed({ case: "hello", value: { stream: notes, replica, creditBytes: 1000 } }));
  await until(seat, "resumed");
  return { driver, seat };
}

/** What a frame of a kind says, when it comes. */
async function until(seat: Seat, is: "resumed" | "bye"): Promise<unknown> {
  for (;;) {
    const said = await seat.wire.next();
    if (said === undefined) throw new Error(`the session ended before a ${is}`);
    if (said.frame.case === is) return said.frame.value;
  }
}

const renewed = { reason: "the hub stamps as another now" };

test("whoever answers under the address by now is looked at, and stamped to as another", async () => {
  const hub = await hubWithCopy();
  const { driver, seat } = await driverOver(hub);
  await renewIfOther(driver, hub.log);
  expect(driver.state.hub).toBe(hub.incarnation);
  hub.moved();
  await renewIfOther(driver, hub.log);
  expect(await until(seat, "bye")).toMatchObject(renewed);
  expect(driver.state.hub).not.toBe(hub.incarnation);
  expect(await hub.log.isCurrent()).toBe(true);
  const { standing } = await hub.at.commit([pushOf(hub.replica, 2, [putOf("z")])]);
  expect(standing.vector).toEqual({ [hub.incarnation]: 1, [driver.state.hub]: 1 });
});

test("a log that lacks what was committed takes nothing under the name it had, not even once", async () => {
  const hub = await hubWithCopy();
  const { driver, seat } = await driverOver(hub);
  hub.moved();
  const ops = [putOf("z")];
  const push = { stream: notes, replica: hub.replica, ctrFrom: 3, ops };
  await seat.take(framed({ case: "push", value: push }));
  expect(await until(seat, "bye")).toMatchObject(renewed);
  expect(driver.state.hub).not.toBe(hub.incarnation);
  const { standing } = await hub.at.commit([pushOf(hub.replica, 2, [putOf("z")])]);
  expect(standing.vector).toEqual({ [hub.incarnation]: 1, [driver.state.hub]: 1 });
});

test("what another process took as its name ends this one's", async () => {
  const hub = await hubWithCopy();
  const { driver } = await driverOver(hub);
  const other = openSyncLog({ ...hub, rules, limits });
  await other.reincarnate();
  await renewIfOther(driver, hub.log);
  expect(driver.state.hub).toBe(other.hub());
});

test("what was read of the database before is forgotten once another one answers", async () => {
  const { url } = await cloneDatabase();
  const storage = await open(url);
  const hub = {
    storage,
    world: storage.world,
    log: silentLog,
    config: () => create(HubConfigSchema, { zones: ["world"] }),
    processes: { list: () => [] },
  } as unknown as Parameters<typeof openCore>[0];
  const declared = { of: () => Promise.resolve(new Map()) };
  let forgotten = 0;
  const verify = () => Promise.resolve(Refusal.SIGNATURE);
  const { driver, log } = await openCore(hub, declared, verify, () => void forgotten++);
  await renewIfOther(driver, log);
  expect(forgotten).toBe(0);
  await driver.renew();
  expect(forgotten).toBe(1);
});
