// Finding tasks: lists that go in pages while tasks end, and who sees what.
import { randomUUID } from "node:crypto";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { personOf, registeredNode } from "../../../tests/support/joined.ts";
import { taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();

const count = 1_000;

test("a thousand tasks are listed once each, the newest first, while they end", async () => {
  const queue = "many";
  const worker = taskCalls(local, (await registeredNode(local.hub)).caller);
  const { tasks } = taskCalls(local);
  const specs = Array.from({ length: count }, (_, at) => ({
    queue,
    kind: "scan",
    labels: { part: String(at % 2) },
  }));
  const { submitted } = await tasks.submitTasks({ requestId: randomUUID(), specs });
  const seen: string[] = [];
  for (let token = ""; ;) {
    const page = await tasks.listTasks({ queue, page: { size: 100, token } });
    seen.push(...page.tasks.map(({ id }) => id));
    await worker.complete(...(await worker.claim(queue, { count: 50 })));
    token = page.nextPageToken;
    if (token === "") break;
  }
  const ids = submitted.map(({ taskId }) => taskId);
  expect(seen).toEqual(ids.toSorted().toReversed());
  const all = async (filter: object) => {
    const found: string[] = [];
    for (let token = ""; ;) {
      const page = await tasks.listTasks({ queue, ...filter, page: { size: 400, token } });
      found.push(...page.tasks.map(({ id }) => id));
      token = page.nextPageToken;
      if (token === "") return found;
    }
  };
  const { COMPLETED, SUBMITTED, FAILED } = TaskState;
  const [done, ready] = [await all({ states: [COMPLETED] }), await all({ states: [SUBMITTED] })];
  expect(done.length).toBeGreaterThanOrEqual(500);
  expect(done.length + ready.length).toBe(count);
  expect((await all({ states: [COMPLETED, SUBMITTED] })).length).toBe(count);
  expect(await all({ states: [FAILED] })).toEqual([]);
  expect((await all({ labels: { part: "1" } })).length).toBe(count / 2);
  expect(await all({ labels: { part: "1", other: "2" } })).toEqual([]);
});

test("a label is found by its own name and value, whatever signs are in them", async () => {
  const { tasks, submit } = taskCalls(local);
  const { id } = await submit({ queue: "labels", labels: { "a=b": "c" } });
  const { id: other } = await submit({ queue: "labels", labels: { a: "b=c" } });
  const found = async (labels: Record<string, string>) =>
    (await tasks.listTasks({ queue: "labels", labels })).tasks.map((task) => task.id);
  expect(await found({ "a=b": "c" })).toEqual([id]);
  expect(await found({ a: "b=c" })).toEqual([other]);
});

test("nobody of another tenant finds a task by any method", async () => {
  const { id: taskId } = await taskCalls(local).submit({ queue: "ours" });
  const stranger = { ...personOf(Role.ADMIN), tenant: tenantProved("elsewhere") };
  const { tasks, queues, work } = taskCalls(local, stranger);
  const watch = async () => {
    for await (const item of tasks.watchTask({ taskId })) return item;
    return undefined;
  };
  for (const ask of [
    () => tasks.getTask({ taskId }),
    watch,
    () => tasks.listTaskSteps({ taskId }),
    () => tasks.explainTask({ taskId }),
    () => tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "" }),
    () => tasks.retryTask({ requestId: randomUUID(), taskId }),
    () => queues.getQueue({ queue: "ours" }),
  ]) {
    await expect(ask()).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  }
  expect((await tasks.listTasks({})).tasks).toEqual([]);
  expect((await queues.listQueues({})).queues).toEqual([]);
  expect((await work.listWorkers({})).workers).toEqual([]);
});
