import { create } from "@bufbuild/protobuf";
import { EntrySchema, Kind, Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell, written } from "@foedus/kernel/sync/cell.ts";
import { dotOf } from "@foedus/kernel/sync/dot.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { emptyMark, marked } from "@foedus/kernel/sync/mark.ts";
import { cellKey, encodeOp } from "@foedus/kernel/sync/op.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { newStaging } from "@foedus/kernel/sync/staging.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { asking, notes, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { commitItems } from "./commit.store.ts";
import { isSound, recount } from "./digest.store.ts";
import { openSyncLog, type SyncLog } from "./log.store.ts";
import { cellsMax } from "./save.store.ts";

const nowMs = 30_000_000 * 60_000;
const clerk = { hub: "hub-1", rules, limits, nowMs };
let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let other: typeof storage;
let log: SyncLog;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url, { connectionsMax: 8 });
  other = await openTestStorage(url, { connectionsMax: 8 });
  log = openSyncLog({ storage, incarnation: "hub-1", rules, limits });
});
afterAll(() => Promise.all([storage.close(), other.close()]));

const replica = replicaAt(nowMs, "a");
const add = (amount: number) =>
  encodeOp({ kind: Kind.COUNTER, record: "sum", amount, hlcMs: nowMs });

test("a backend that dies before its commit leaves nothing of it, and a commit is whole", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => nowMs);
  await at.commit([pushOf(replica, 1, [add(1), putOf("x")])]);
  const dying = storage.tenant(tenant, async (tx) => {
    const items = [pushOf(replica, 3, [add(5), putOf("y")])];
    await commitItems(tx, { tenant, stream: notes }, clerk, items);
    await rowsOf(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction'`,
    );
  });
  await expect(dying).rejects.toThrow("does not answer");
  const { cells, marks, standing } = await at.part();
  expect(standing).toMatchObject({ head: 2, vector: { "hub-1": 2 } });
  expect(cells.map(({ record }) => record)).toEqual(["sum", "x"]);
  expect(marks.map(({ ctr }) => ctr)).toEqual([2]);
  // The author never heard of it, and says it again.
  await at.commit([pushOf(replica, 3, [add(5), putOf("y")])]);
  expect((await at.part()).cells[0]?.sum).toBe(6n);
  expect((await at.page(0)).entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test("two processes over one log give each place once, and each op one effect", async () => {
  const tenant = newTenant();
  const logs = [log, openSyncLog({ storage: other, incarnation: "hub-1", rules, limits })];
  const [count, size] = [20, 5];
  const writes = logs.flatMap((each, who) => {
    const at = asking(each, tenant, () => nowMs);
    const own = replicaAt(nowMs, `w${who}`);
    return Array.from({ length: count }, async (_, turn) => {
      // Everybody brings everything, in any order: what has a gap is brought again.
      const push = pushOf(
        own,
        turn * size + 1,
        Array.from({ length: size }, () => add(1)),
      );
      for (let gap = true; gap;) {
        const [result] = (await at.commit([push])).results;
        gap = result?.type === "push" && result.done.gap;
      }
    });
  });
  await Promise.all(writes);
  const at = asking(log, tenant, () => nowMs);
  const total = logs.length * count * size;
  const { entries } = await at.page(0, total);
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, n) => n + 1));
  expect((await at.part()).cells[0]?.sum).toBe(BigInt(total));
});

test("what is kept of a stream is what its cells come to, after thousands of ops of all kinds", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => nowMs);
  const writers = ["a", "b", "c"].map((name) => replicaAt(nowMs, name));
  let conflicting = 0;
  for (let turn = 0; turn < 12; turn++) {
    const pushes = writers.map((writer) => {
      const ops = Array.from({ length: 100 }, (_, n) => {
        const kind = [Kind.REG_MV, Kind.APPEND, Kind.COUNTER, Kind.MAXREG][n % 4] ?? Kind.APPEND;
        const record = kind === Kind.APPEND ? "" : `r${(turn * 7 + n * 13) % 40}-${kind}`;
        const removes = kind === Kind.REG_MV && n % 5 === 0;
        const supersedes = removes ? [dotOf(writer, turn * 100)] : [];
        return encodeOp({ kind, record, amount: n, removes, supersedes, hlcMs: nowMs });
      });
      return pushOf(writer, turn * 100 + 1, ops);
    });
    await at.commit(pushes);
    conflicting = (await recounted(tenant)).counted.conflicts;
  }
  const whole = await recounted(tenant);
  expect(isSound(whole)).toBe(true);
  expect(conflicting).toBeGreaterThan(0);
  expect(whole.counted.cells).toBeGreaterThan(800);
});

async function recounted(tenant: ReturnType<typeof newTenant>) {
  const found = await storage.tenant(tenant, (tx) => recount(tx, { tenant, stream: notes }));
  if (found === undefined) throw new Error("the stream is not there");
  return found;
}

test("a snapshot replaces all, but for what only this hub has; and children begin anew", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => nowMs);
  await at.commit([pushOf(replica, 1, [add(1), putOf("mine")])]);
  await at.look({ parent: "root" });
  await at.look({ child: "edge" });
  const before = await at.look();
  // The parent has the first of these two, and a field of somebody else.
  const staging = newStaging({ $typeName: "foedus.sync.v1.Cursor", epoch: "root", seq: 9 });
  const other = dotOf(replicaAt(nowMs, "b"), 1);
  for (const [dot, bytes, record] of [
    [dotOf(replica, 1), add(1), "sum"],
    [other, putOf("theirs"), "theirs"],
  ] as const) {
    staging.cells.set(cellKey({ record, field: "" }), {
      ...written(emptyCell(record, ""), { dot, bytes, unseen: [] }),
    });
    const entry = create(EntrySchema, { dot, slot: Slot.EFFECT });
    staging.marks.set(dot.replica, marked(emptyMark(dot.replica), entry));
  }
  staging.vector = { "hub-1": 1, "root-1": 1 };
  const { results, standing } = await at.commit([{ type: "adopt", session: "up", staging }]);
  expect(results.map(({ type }) => type)).toEqual(["adopt"]);
  expect(standing.epoch).not.toBe(before.standing.epoch);
  expect(standing).toMatchObject({ head: 1, vector: { "hub-1": 2, "root-1": 1 } });
  const { cells, marks } = await at.part();
  expect(cells.map(({ record }) => record)).toEqual(["mine", "sum", "theirs"]);
  expect(cells[1]?.sum).toBe(1n);
  expect(marks.map(({ ctr }) => ctr)).toEqual([2, 1]);
  const { entries } = await at.page(0);
  expect(entries.map(({ dot }) => dot?.ctr)).toEqual([2]);
  expect(isSound(await recounted(tenant))).toBe(true);
  const leases = await rowsOf(
    url,
    `select peer, seq from sync_lease where tenant_id = '${tenant}' order by peer`,
  );
  expect(leases).toMatchObject([{ peer: "root" }]);
});

test("a snapshot of more cells than one statement takes is taken whole", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => nowMs);
  await at.commit([pushOf(replica, 1, [putOf("mine")])]);
  const staging = newStaging({ $typeName: "foedus.sync.v1.Cursor", epoch: "root", seq: 9 });
  const dot = dotOf(replicaAt(nowMs, "b"), 1);
  for (let made = 0; made < cellsMax; made++) {
    const record = `r${made}`;
    const cell = written(emptyCell(record, ""), { dot, bytes: putOf(record), unseen: [] });
    staging.cells.set(cellKey(cell), cell);
  }
  await at.commit([{ type: "adopt", session: "up", staging }]);
  const { counted, ...whole } = await recounted(tenant);
  expect(counted.cells).toBe(cellsMax + 1);
  expect(isSound({ ...whole, counted })).toBe(true);
});

test("a snapshot that lacks what is gone here changes nothing", async () => {
  const at = asking(log, newTenant(), () => nowMs);
  await at.commit([pushOf(replica, 1, [putOf("x")])]);
  await log.truncate({ places: 0, keepMs: undefined }, nowMs);
  const { standing } = await at.look();
  const staging = newStaging({ $typeName: "foedus.sync.v1.Cursor", epoch: "root", seq: 9 });
  const done = await at.commit([{ type: "adopt", session: "up", staging }]);
  expect(done.standing).toEqual(standing);
});
