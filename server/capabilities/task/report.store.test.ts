import { create } from "@bufbuild/protobuf";
import {
  CancellationSchema,
  FailureSchema,
  ProgressSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { canceled, retried } from "@foedus/kernel/task/decide.ts";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { keyOf, lockTasks } from "./lock.store.ts";
import { Changes, revive } from "./save.store.ts";

const tasks = sharedTasks();

const result = { case: "result", result: done } as const;
const beat = { case: "beat", progress: undefined } as const;
const failure = { case: "failure", failure: create(FailureSchema, { reason: "BUSY" }) } as const;

async function claimedOne(init = {}) {
  const own = tasksOf(tasks, newTenant());
  await own.submit(init);
  const [stored] = await own.claim(1);
  if (stored === undefined) throw new Error("nothing to claim");
  return { ...own, stored, id: stored.live.id };
}

test("completed twice is one effect, whichever way the word came", async () => {
  const { say, stored, find, id, counts } = await claimedOne();
  const both = await Promise.all([say(stored, result), say(stored, result)]);
  const verdicts = both.map(({ verdict }) => verdict);
  expect(verdicts.toSorted((one, other) => one - other)).toEqual([Verdict.TAKEN, Verdict.REPEATED]);
  expect((await say(stored, result)).verdict).toBe(Verdict.REPEATED);
  expect((await find(id)).stored.live.standing).toMatchObject({ revision: 3, result: done });
  expect(await counts()).toMatchObject({ working: 0, completed: 1 });
});

test("only the holder is heard, and only by its own fence", async () => {
  const { say, stored, stateOf, id } = await claimedOne();
  for (const word of [result, failure, beat]) {
    expect((await say(stored, word, { nodeId: "node_2" })).verdict).toBe(Verdict.UNKNOWN);
    expect((await say(stored, word, { fence: 2 })).verdict).toBe(Verdict.UNKNOWN);
    expect((await say(stored, word, { fence: 0 })).verdict).toBe(Verdict.LOST);
  }
  expect(await stateOf(id)).toBe(TaskState.WORKING);
  const other = tasksOf(tasks, newTenant());
  expect((await other.say(stored, result)).verdict).toBe(Verdict.UNKNOWN);
});

test("the hub keeps when progress was told, which a mere sign of life does not change", async () => {
  const { say, stored, find, id } = await claimedOne();
  tasks.pass(4_000);
  const time = timestampFromMs(tasks.storage.nowMs());
  const progress = create(ProgressSchema, { message: "half", time: timestampFromMs(1) });
  await say(stored, { case: "beat", progress });
  tasks.pass(4_000);
  await say(stored, beat);
  expect((await find(id)).stored.live.standing.progress).toMatchObject({ message: "half", time });
});

test("a lapsed hold is taken back to the millisecond, and its old holder comes too late", async () => {
  const { say, stored, claim, wake, stateOf, id, find } = await claimedOne();
  tasks.pass(9_999);
  await wake();
  expect(await stateOf(id)).toBe(TaskState.WORKING);
  expect(await say(stored, beat)).toMatchObject({ verdict: Verdict.TAKEN, leaseMs: 10_000 });
  tasks.pass(10_000);
  await wake();
  expect(await stateOf(id)).toBe(TaskState.SCHEDULED);
  tasks.pass(1_000);
  await wake();
  const [next] = await claim(1, { nodeId: "node_2" });
  expect(next?.live.standing).toMatchObject({ fence: 3, attempts: 2 });
  for (const word of [result, failure, beat]) {
    expect((await say(stored, word)).verdict).toBe(Verdict.LOST);
  }
  expect((await find(id)).stored.live.standing.attempt?.nodeId).toBe("node_2");
});

test("a failure is tried again at its time, and the last one is a dead letter with all its steps", async () => {
  const own = await claimedOne({ retry: { maximumAttempts: 2 } });
  expect((await own.say(own.stored, failure)).verdict).toBe(Verdict.TAKEN);
  expect((await own.say(own.stored, failure)).verdict).toBe(Verdict.REPEATED);
  tasks.pass(1_000);
  expect((await own.wake()).ready).toHaveLength(1);
  const [again] = await own.claim(1);
  if (again === undefined) throw new Error("it is not ready");
  await own.say(again, failure);
  expect(await own.stateOf(own.id)).toBe(TaskState.FAILED);
  const states = (await own.steps(own.id)).map(({ state }) => TaskState[state]);
  const want = ["SUBMITTED", "WORKING", "SCHEDULED", "SUBMITTED", "WORKING", "FAILED"];
  expect(states).toEqual(want);
  const { stored } = await own.find(own.id);
  await tasks.storage.sweep((tx) =>
    revive(tx, stored, retried(stored.live, stored.spec, "person/1", tx.nowMs)),
  );
  expect(await own.claim(1)).toHaveLength(1);
  expect(await own.steps(own.id)).toHaveLength(want.length + 2);
  expect(await own.counts()).toMatchObject({ working: 1, ready: 0 });
});

test("what passes its deadline ends, whatever it was doing", async () => {
  const deadline = timestampFromMs(tasks.storage.nowMs() + 5_000);
  const own = await claimedOne({ deadline });
  const [waiting = ""] = await own.ids({ deadline });
  tasks.pass(5_000);
  await own.wake();
  for (const id of [own.id, waiting]) {
    const { standing } = (await own.find(id)).stored.live;
    expect(standing.failure?.reason).toBe("TASK_DEADLINE_PASSED");
  }
  expect((await own.say(own.stored, result)).verdict).toBe(Verdict.LOST);
});

test("who is called off hears it with the next sign, and so does who has spent it all", async () => {
  const own = await claimedOne({ budget: { unit: "token", limit: 10n } });
  expect((await own.say(own.stored, beat, { spent: 10 })).stop).toBeUndefined();
  expect((await own.say(own.stored, beat, { spent: 11 })).stop).toContain("budget");
  const cancellation = create(CancellationSchema, { caller: "person/1", reason: "wrong" });
  await tasks.storage.sweep(async (tx) => {
    const [stored] = (
      await lockTasks(tx.sql, [{ tenant: own.stored.tenant, id: own.id }])
    ).values();
    const changes = new Changes();
    if (stored !== undefined) changes.move(stored, canceled(stored.live, cancellation, tx.nowMs));
    await changes.save(tx);
  });
  expect((await own.say(own.stored, beat)).stop).toBe("wrong");
  await own.say(own.stored, { case: "returned" });
  expect(await own.stateOf(own.id)).toBe(TaskState.CANCELED);
});

test("a transaction that dies before its commit leaves everything as it was", async () => {
  const own = await claimedOne({ uniqueKey: "k" });
  const [child = ""] = await own.ids({ dependsOn: [own.id] });
  const before = [await own.find(own.id), await own.find(child), await own.counts()];
  const key = { tenant: own.stored.tenant, id: own.id };
  const dying = tasks.storage.sweep(async (tx) => {
    const stored = (await lockTasks(tx.sql, [key])).get(keyOf(key));
    const changes = new Changes();
    const cancellation = create(CancellationSchema, { caller: "person/1" });
    if (stored === undefined) throw new Error("no such task");
    const { next } = canceled({ ...stored.live }, cancellation, tx.nowMs);
    changes.move(stored, { next: { ...next, state: TaskState.CANCELED, endMs: 1 }, steps: [] });
    await changes.save(tx);
    throw new Error("the hub died");
  });
  await expect(dying).rejects.toThrow("the hub died");
  expect([await own.find(own.id), await own.find(child), await own.counts()]).toEqual(before);
});

test("an attempt has its time, however often it beats", async () => {
  const own = await claimedOne({ timeouts: { startToClose: durationFromMs(15_000) } });
  tasks.pass(9_000);
  await own.say(own.stored, beat);
  tasks.pass(6_000);
  await own.wake();
  const { standing } = (await own.find(own.id)).stored.live;
  expect(standing.attempt?.failure?.reason).toBe("TASK_TIMED_OUT");
});
