import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { afterEach, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { acceptLog } from "../../../tests/simulation/log.acceptance.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { openSyncLog } from "./log.store.ts";

const nowMs = 30_000_000 * 60_000;
const hub = "hub-1";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function openDatabase(): Promise<() => Promise<Storage>> {
  const { url } = await cloneDatabase();
  return async () => {
    const storage = await openTestStorage(url);
    open.push(() => storage.close());
    return storage;
  };
}

acceptLog(async () => {
  const storage = await (await openDatabase())();
  const options = { storage, incarnation: hub, rules: soundRules, limits: defaultLimits };
  const keep = (places: number) => ({ places, keepMs: undefined });
  const log = openSyncLog(options);
  return { log, hub, truncate: async (kept) => void (await log.truncate(keep(kept), nowMs)) };
});

const tenant = "acme";
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const key = soundRules.keyOf(tenant, stream);

test("a look that the database refuses fails, and those that share its transaction do not", async () => {
  const storage = await (await openDatabase())();
  const options = { storage, incarnation: hub, rules: soundRules, limits: defaultLimits };
  const log = openSyncLog(options);
  const looks = ["r1", "\u0000", "r2", "r3"].map((replica) => {
    const ref = { session: `of ${replica}`, key, hello: 1 };
    const whose = { tenant, stream, replica, vector: {}, parent: undefined, child: undefined };
    return log.answer({ type: "look", ref, ...whose }, nowMs);
  });
  const settled = await Promise.allSettled(looks);
  expect(settled).toMatchObject([
    { status: "fulfilled" },
    { status: "rejected", reason: { reason: Reason.INVALID_REQUEST } },
    { status: "fulfilled" },
    { status: "fulfilled" },
  ]);
});
