// Workers while they are here: what their nodes say of themselves, and what they are told.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NeedsSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReportSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, registeredNode } from "../../../tests/support/joined.ts";
import { newQueue, openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();

test("what a node says anew of itself counts for workers that are here already", async () => {
  const queue = newQueue();
  const node = await registeredNode(local.hub);
  const shift = openShift(taskCalls(local, node.caller), { queue });
  shift.say({ case: "room", value: 4 });
  const owner = taskCalls(local);
  const labels = { project: "next", team: "blue", domain: "maps", environment: "live" };
  const { id } = await owner.submit({ queue, needs: create(NeedsSchema, { labels }) });
  const candidates = async () => (await owner.tasks.explainTask({ taskId: id })).candidates;
  const lacks = ["has project test, not next", "says no team", "says no domain"];
  await expect.poll(candidates, patient).toMatchObject([{ fits: false }]);
  expect((await candidates())[0]?.obstacles).toEqual(expect.arrayContaining(lacks));
  const profile = { kind: NodeKind.INSTANCE, title: node.name, ...labels };
  await node.nodes.registerNode({ requestId: randomUUID(), profile });
  await expect.poll(() => shift.assigned().map(({ task }) => task?.id), patient).toEqual([id]);
  const { workers } = await owner.work.listWorkers({ queue });
  expect(workers).toMatchObject([{ nodeLabels: labels, room: 3 }]);
});

test("a worker has its node's name, also before the node has registered", async () => {
  const queue = newQueue();
  const node = await joinNode(local.hub);
  await taskCalls(local, node.caller).claim(queue);
  const { workers } = await taskCalls(local).work.listWorkers({ queue });
  expect(workers).toMatchObject([{ nodeId: node.id, nodeName: node.name }]);
});

test("a worker is told at once to stop what is too late", async () => {
  const queue = newQueue();
  const { caller } = await joinNode(local.hub);
  const shift = openShift(taskCalls(local, caller), { queue });
  shift.say({ case: "room", value: 2 });
  const owner = taskCalls(local);
  const timeouts = { scheduleToClose: durationFromMs(3_000) };
  const { id } = await owner.submit({ queue, timeouts });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const hold = shift.assigned()[0]?.hold;
  await expect.poll(() => shift.stops(), patient).toMatchObject([{ hold }]);
  expect(shift.stops()[0]?.reason).toContain("TASK_DEADLINE_PASSED");
  expect((await owner.get(id)).state).toBe(TaskState.FAILED);
});

test("who has spent it all hears it again with each sign of life", async () => {
  const queue = newQueue();
  const { caller } = await joinNode(local.hub);
  const shift = openShift(taskCalls(local, caller), { queue });
  shift.say({ case: "room", value: 1 });
  await taskCalls(local).submit({ queue, budget: { unit: "token", limit: 10n } });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const hold = shift.assigned()[0]?.hold;
  const spent = (count: bigint) => {
    const said = { case: "progress", value: { spent: count } } as const;
    shift.say({ case: "report", value: create(ReportSchema, { hold, said }) });
  };
  spent(10n);
  await expect.poll(() => shift.receipts(), patient).toMatchObject([{ cancelRequested: false }]);
  spent(11n);
  const used = { cancelRequested: true, cancelReason: "the budget is used up" };
  await expect.poll(() => shift.receipts()[1], patient).toMatchObject(used);
  shift.say({ case: "beat", value: true });
  await expect.poll(() => shift.receipts()[2], patient).toMatchObject(used);
});
