// Every limit of what is asked for, at its edge: taken there, and refused by name one beyond.
import { randomUUID } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { NeedsSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReceiptSchema, ReportSchema, Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf } from "../../../tests/support/joined.ts";
import { taskCalls } from "../../../tests/support/tasked.ts";
import type { SpecInit } from "../../../tests/support/tasks.ts";

const local = sharedHub();

const queue = "edge";
const text = (length: number) => "x".repeat(length);
const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
const words = (count: number) => Object.fromEntries(names(count).map((name) => [name, "v"]));
const owner = () => taskCalls(local);
const invalid = (what: string) => ({
  reason: Reason.INVALID_REQUEST,
  message: expect.stringContaining(what) as unknown,
});

const edges: [name: string, of: (count: number) => SpecInit, most: number][] = [
  ["spec.payload.body", (n) => ({ payload: { body: new Uint8Array(n) } }), 262_144],
  ["spec.payload.content_type", (n) => ({ payload: { contentType: text(n) } }), 120],
  ["spec.queue", (n) => ({ queue: text(n) }), 63],
  ["spec.kind", (n) => ({ kind: text(n) }), 120],
  ["spec.priority", (n) => ({ priority: n }), 10],
  ["spec.fairness_key", (n) => ({ fairnessKey: text(n) }), 64],
  ["spec.unique_key", (n) => ({ uniqueKey: text(n) }), 120],
  ["spec.hop_limit", (n) => ({ hopLimit: n }), 32],
  ["spec.labels", (n) => ({ labels: words(n) }), 16],
  ["spec.labels", (n) => ({ labels: { [text(n)]: "v" } }), 64],
  ["spec.labels", (n) => ({ labels: { name: text(n) } }), 64],
  [
    "spec.needs.capabilities",
    (n) => ({ needs: create(NeedsSchema, { capabilities: names(n) }) }),
    8,
  ],
  ["spec.needs.labels", (n) => ({ needs: create(NeedsSchema, { labels: words(n) }) }), 8],
  ["spec.needs.model", (n) => ({ needs: create(NeedsSchema, { model: text(n) }) }), 120],
  ["spec.needs.node_id", (n) => ({ needs: create(NeedsSchema, { nodeId: text(n) }) }), 64],
  ["spec.retry.maximum_attempts", (n) => ({ retry: { maximumAttempts: n } }), 1_000],
  ["spec.retry.backoff_coefficient", (n) => ({ retry: { backoffCoefficient: n } }), 100],
  ["spec.retry.non_retryable_reasons", (n) => ({ retry: { nonRetryableReasons: names(n) } }), 32],
  ["spec.budget.unit", (n) => ({ budget: { unit: text(n), limit: 1n } }), 32],
];

test.each(edges)("%s is taken up to its limit", async (name, of, most) => {
  const { submit } = owner();
  const own = `${name.replaceAll(/[^a-z]/gu, "-")}-${most}`;
  await expect(submit({ queue: own, ...of(most) })).resolves.toBeDefined();
  await expect(submit({ queue: own, ...of(most + 1) })).rejects.toMatchObject(invalid(name));
});

test("a budget is from 1 to what a number counts exactly", async () => {
  const { submit } = owner();
  const budget = (limit: bigint) => submit({ queue, budget: { unit: "token", limit } });
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  for (const limit of [1n, most]) expect((await budget(limit)).spec?.budget?.limit).toBe(limit);
  for (const limit of [0n, -1n, most + 1n, 2n ** 63n - 1n]) {
    await expect(budget(limit)).rejects.toMatchObject(invalid("spec.budget.limit"));
  }
});

test("priority 0 is the default, and a time further away than a year is refused", async () => {
  const { submit } = owner();
  expect((await submit({ queue, priority: 0 })).spec?.priority).toBe(5);
  const far = timestampFromMs(253_402_300_799_000);
  for (const [name, spec] of [
    ["start_time", { startTime: far }],
    ["deadline", { deadline: far }],
  ] as const) {
    const refused = {
      reason: Reason.TASK_SPEC_INVALID,
      message: expect.stringContaining(name) as unknown,
    };
    await expect(submit({ queue, ...spec })).rejects.toMatchObject(refused);
  }
});

test("a batch has up to 1,000 tasks, and none of it is taken where one is refused", async () => {
  const { tasks, queues } = owner();
  const batch = (count: number, last: object = {}) => {
    const specs = Array.from({ length: count }, () => ({ queue: "batch", kind: "scan" }));
    const all = [...specs.slice(1), { queue: "batch", kind: "scan", ...last }];
    return tasks.submitTasks({ requestId: randomUUID(), specs: all });
  };
  expect((await batch(1_000)).submitted).toHaveLength(1_000);
  await expect(batch(1_001)).rejects.toMatchObject(invalid("specs"));
  await expect(batch(1)).resolves.toBeDefined();
  const none = tasks.submitTasks({ requestId: randomUUID(), specs: [] });
  await expect(none).rejects.toMatchObject(invalid("specs"));
  const circle = { reason: Reason.TASK_DEPENDENCY_CIRCLE };
  await expect(batch(3, { dependsOn: ["#2"] })).rejects.toMatchObject(circle);
  expect((await queues.getQueue({ queue: "batch" })).queue?.ready).toBe(1_001n);
});

test("a task waits for up to 64 others, each named once, of its own tenant", async () => {
  const { submit, tasks } = owner();
  const specs = Array.from({ length: 65 }, () => ({ queue: "others", kind: "scan" }));
  const { submitted } = await tasks.submitTasks({ requestId: randomUUID(), specs });
  const ids = submitted.map(({ taskId }) => taskId);
  const [first = ""] = ids;
  const waiting = await submit({ queue, dependsOn: ids.slice(0, 64) });
  expect(waiting.waitsFor).toHaveLength(64);
  await expect(submit({ queue, dependsOn: ids })).rejects.toMatchObject(invalid("depends_on"));
  const twice = submit({ queue, dependsOn: [first, first] });
  await expect(twice).rejects.toMatchObject(invalid("depends_on"));
  const unknown = { reason: Reason.TASK_DEPENDENCY_UNKNOWN };
  const nobody = {
    ...unknown,
    message: expect.stringContaining("there is no such task") as unknown,
  };
  await expect(submit({ queue, dependsOn: ["task_none"] })).rejects.toMatchObject(nobody);
  const elsewhere = { ...personOf(Role.ADMIN), tenant: tenantProved("elsewhere") };
  const foreign = taskCalls(local, elsewhere).submit({ queue, dependsOn: [first] });
  await expect(foreign).rejects.toMatchObject(nobody);
  await tasks.cancelTask({ requestId: randomUUID(), taskId: first, reason: "" });
  const over = { ...unknown, message: expect.stringContaining("it is canceled") as unknown };
  await expect(submit({ queue, dependsOn: [first] })).rejects.toMatchObject(over);
});

test("a unique key is taken while its task lives, and free once it has ended", async () => {
  const { tasks, submit } = owner();
  const spec = { queue, kind: "scan", uniqueKey: "once" };
  const { id: taskId } = await submit(spec);
  const again = async () => await tasks.submitTask({ requestId: randomUUID(), spec });
  expect(await again()).toMatchObject({ existed: true, task: { id: taskId } });
  await tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "" });
  const fresh = await again();
  expect(fresh).toMatchObject({ existed: false, task: { state: TaskState.SUBMITTED } });
  expect(fresh.task?.id).not.toBe(taskId);
});

test("whose hop limit is 0 has no children, and 1 has no grandchildren", async () => {
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  const used = { reason: Reason.TASK_HOP_LIMIT };
  const parentOf = async (name: string, init: SpecInit) => {
    const { id } = await worker.submit({ queue: name, ...init });
    await worker.claim(name);
    return id;
  };
  const none = await parentOf("hop-0", { hopLimit: 0 });
  await expect(worker.submit({ queue, parentId: none })).rejects.toMatchObject(used);
  const one = await parentOf("hop-1", { hopLimit: 1 });
  const child = await parentOf("hop-2", { parentId: one, hopLimit: 32 });
  expect((await worker.get(child)).spec?.hopLimit).toBe(0);
  await expect(worker.submit({ queue, parentId: child })).rejects.toMatchObject(used);
});

test("what workers ask and say has its limits as well", async () => {
  const { work } = taskCalls(local, (await joinNode(local.hub)).caller);
  const claim = (init: object, worker: object = {}) => {
    const who = { name: "w", queue: "nothing", concurrency: 1, ...worker };
    return work.claimTasks({ claimId: randomUUID(), worker: who, count: 1, ...init });
  };
  await expect(claim({ count: 256 }, { concurrency: 1_000 })).resolves.toBeDefined();
  await expect(claim({ count: 0 })).rejects.toMatchObject(invalid("count"));
  await expect(claim({ count: 257 })).rejects.toMatchObject(invalid("count"));
  await expect(claim({ wait: durationFromMs(60_001) })).rejects.toMatchObject(invalid("wait"));
  await expect(claim({ wait: durationFromMs(-1) })).rejects.toMatchObject(invalid("wait"));
  for (const concurrency of [0, 1_001]) {
    await expect(claim({}, { concurrency })).rejects.toMatchObject(invalid("worker.concurrency"));
  }
  await expect(claim({}, { kinds: names(64) })).resolves.toBeDefined();
  await expect(claim({}, { kinds: names(65) })).rejects.toMatchObject(invalid("worker.kinds"));
  const reports = (count: number, init: object = {}) => {
    const hold = { taskId: "task_none", fence: 1n };
    const report = create(ReportSchema, { hold, ...init });
    return work.reportTasks({ reports: Array.from({ length: count }, () => report) });
  };
  expect((await reports(256)).receipts).toHaveLength(256);
  await expect(reports(257)).rejects.toMatchObject(invalid("reports"));
  await expect(reports(1, { spent: -1n })).rejects.toMatchObject(invalid("spent"));
  await expect(reports(1, { spent: 2n ** 53n })).rejects.toMatchObject(invalid("spent"));
  for (const fraction of [-0.1, 1.1]) {
    const said = { case: "progress", value: { fraction } };
    await expect(reports(1, { said })).rejects.toMatchObject(invalid("fraction"));
  }
});

test("a name that no table holds is refused, and spoils nothing for those beside it", async () => {
  const { submit, work, claim, complete } = taskCalls(local, (await joinNode(local.hub)).caller);
  const nul = "a\0b";
  const fairly = [nul, "b", "c"].map((fairnessKey) => submit({ queue: "nul", fairnessKey }));
  const [bad, ...good] = await Promise.allSettled(fairly);
  expect(bad).toMatchObject({ status: "rejected", reason: invalid("spec.fairness_key") });
  expect(good.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  const claims = [nul, "b"].map((name) => claim("nul", { worker: { name }, count: 1 }));
  const [none, some] = await Promise.allSettled(claims);
  expect(none).toMatchObject({ status: "rejected", reason: invalid("worker.name") });
  const [held, ...more] = some?.status === "fulfilled" ? some.value : [];
  if (held === undefined) throw new Error("claimed, and got nothing");
  expect(more).toEqual([]);
  const odd = [
    { taskId: nul, fence: 1n },
    { taskId: held.hold?.taskId ?? "", fence: 2n ** 63n - 1n },
    { taskId: held.hold?.taskId ?? "", fence: 2n ** 31n },
  ];
  const said = odd.map((hold) => work.reportTasks({ reports: [{ hold }] }));
  const [own] = await complete(held);
  expect(own?.verdict).toBe(Verdict.TAKEN);
  for (const { receipts } of await Promise.all(said)) {
    expect(receipts).toMatchObject([{ verdict: Verdict.UNKNOWN }]);
    for (const each of receipts) expect(() => toBinary(ReceiptSchema, each)).not.toThrow();
  }
});

test("nobody waits for a name that no table holds, and others are told on time", async () => {
  const { submit, claim, complete, tasks } = taskCalls(local, (await joinNode(local.hub)).caller);
  const nul = "a\0b";
  const { id } = await submit({ queue: "told" });
  const watch = async (taskId: string) => {
    const states: TaskState[] = [];
    for await (const { task } of tasks.watchTask({ taskId })) states.push(task?.state ?? 0);
    return states.at(-1);
  };
  const told = watch(id);
  await expect(watch(nul)).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  const wait = durationFromMs(60_000);
  expect(await tasks.waitTasks({ taskIds: [nul, id], wait })).toMatchObject({ unknownIds: [nul] });
  await complete(...(await claim("told")));
  expect(await told).toBe(TaskState.COMPLETED);
});

test("settings of a queue have theirs", async () => {
  const set = (settings: object, ...fields: string[]) =>
    owner().queues.setQueue({ requestId: randomUUID(), queue: "set", settings, fields });
  const weights = (count: number) => Object.fromEntries(names(count).map((name) => [name, 2]));
  await expect(set({ depthMax: 10_000_000 }, "depth_max")).resolves.toBeDefined();
  await expect(set({ depthMax: 10_000_001 }, "depth_max")).rejects.toMatchObject(
    invalid("settings.depth_max"),
  );
  await expect(set({ weights: weights(256) }, "weights")).resolves.toBeDefined();
  await expect(set({ weights: weights(257) }, "weights")).rejects.toMatchObject(invalid("weights"));
  for (const [weight, isTaken] of [
    [0.001, true],
    [1_000, true],
    [0.000_9, false],
    [1_001, false],
  ] as const) {
    const setting = set({ weights: { a: weight } }, "weights");
    if (isTaken) await expect(setting).resolves.toBeDefined();
    else await expect(setting).rejects.toMatchObject(invalid("weights"));
  }
  const pauseReason = text(201);
  const long = set({ paused: true, pauseReason }, "paused", "pause_reason");
  await expect(long).rejects.toMatchObject(invalid("pause_reason"));
  await expect(set({}, ...names(17))).rejects.toMatchObject(invalid("fields"));
  const nothing = { reason: Reason.TASK_SETTINGS_INVALID };
  await expect(set({}, "pauesd")).rejects.toMatchObject(nothing);
});

test("a schedule that never comes, or whose zone nobody knows, is refused by name", async () => {
  const { queues } = owner();
  const set = (schedule: object) => {
    const wanted = { name: "edge", cron: "0 4 * * *", spec: { queue, kind: "scan" }, ...schedule };
    return queues.setSchedule({ requestId: randomUUID(), schedule: wanted });
  };
  const refused = (reason: Reason) => ({ reason });
  await expect(set({ cron: "0 0 31 2 *" })).rejects.toMatchObject(refused(Reason.TASK_CRON_NEVER));
  await expect(set({ cron: "0 0 29 2 *" })).resolves.toBeDefined();
  await expect(set({ cron: "0 0 * *" })).rejects.toMatchObject(refused(Reason.TASK_CRON_INVALID));
  await expect(set({ timeZone: "Mars/Olympus" })).rejects.toMatchObject(
    refused(Reason.TASK_ZONE_UNKNOWN),
  );
  await expect(set({ timeZone: "Europe/Berlin" })).resolves.toBeDefined();
  const week = durationFromMs(7 * 86_400_000 + 1);
  await expect(set({ catchUp: week })).rejects.toMatchObject(refused(Reason.TASK_SPEC_INVALID));
  const child = { queue, kind: "scan", dependsOn: ["#0"] };
  await expect(set({ spec: child })).rejects.toMatchObject(refused(Reason.TASK_SPEC_INVALID));
  await expect(set({ cron: text(257) })).rejects.toMatchObject(invalid("schedule.cron"));
});
