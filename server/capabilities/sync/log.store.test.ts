import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { anyTerms } from "@foedus/kernel/sync/charter.ts";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
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

function commit(ctrFrom: number) {
  const ops = [encodeOp({ kind: Kind.COUNTER, record: "n", amount: 1 })];
  const replica = `${(nowMs / 60_000).toString(36)}-a`;
  const push = create(PushSchema, { stream, replica, ctrFrom, ops });
  const items = [{ type: "push", session: "s", push, terms: anyTerms } as const];
  return { type: "commit", key, items } as const;
}

function page(session: string) {
  const ref = { session, key, hello: 1 };
  return { type: "page", ref, after: 1, bytesMax: 1_000_000, opsMax: 100 } as const;
}

test("who joins a read that began before another process's commit is told of that commit", async () => {
  const another = await openDatabase();
  const [storage, other] = [await another(), await another()];
  const rest = { incarnation: hub, rules: soundRules, limits: defaultLimits };
  const elsewhere = openSyncLog({ storage: other, ...rest });
  await elsewhere.answer(commit(1), nowMs);
  const [isRead, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Storage["tenant"] = async (...asked) => {
    const result = await storage.tenant(...asked);
    isRead.resolve();
    await goOn.promise;
    return result;
  };
  const log = openSyncLog({ storage: { ...storage, tenant: slow }, ...rest });
  const first = log.answer(page("s1"), nowMs);
  await isRead.promise;
  await elsewhere.answer(commit(2), nowMs);
  const joined = ["s2", "s3"].map((session) => log.answer(page(session), nowMs));
  goOn.resolve();
  expect(await first).toMatchObject({ to: 1 });
  expect(await Promise.all(joined)).toMatchObject([{ to: 2 }, { to: 2 }]);
});
