// Leases of what was given over a stream, and what nobody spoke of since.
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { endLeases, streamClaimId, unheardOf } from "./unheard.store.ts";

const tasks = sharedTasks();
const worker = { nodeId: "node_1", queue: "work", name: "w" };

test("a lease ends at once, unless its worker has said a word meanwhile", async () => {
  const { storage } = tasks;
  const tenant = newTenant();
  const { ids, claim, say, stateOf, wake } = tasksOf(tasks, tenant);
  await ids({}, {});
  const claimId = streamClaimId(worker, realWorld.random);
  const [silent, spoken] = await claim(2, { claimId });
  if (silent === undefined || spoken === undefined) throw new Error("nothing to claim");
  tasks.pass(1);
  const given = await unheardOf(storage, tenant, worker, storage.nowMs());
  expect(given.map(({ id }) => id).toSorted()).toEqual([silent.live.id, spoken.live.id].toSorted());
  await say(spoken, { case: "beat", progress: undefined });
  await endLeases(storage, tenant, given);
  await wake();
  expect(await stateOf(silent.live.id)).toBe(TaskState.SCHEDULED);
  expect(await stateOf(spoken.live.id)).toBe(TaskState.WORKING);
  expect(await unheardOf(storage, tenant, worker, storage.nowMs())).toEqual([]);
});

test("what came after a time, or to another worker, is no worker's that came then", async () => {
  const { storage } = tasks;
  const tenant = newTenant();
  const { ids, claim } = tasksOf(tasks, tenant);
  await ids({});
  const beforeMs = storage.nowMs();
  const [held] = await claim(1, { claimId: streamClaimId(worker, realWorld.random) });
  tasks.pass(1);
  const asked = { ...worker, name: "v" };
  expect(await unheardOf(storage, tenant, worker, beforeMs)).toEqual([]);
  expect(await unheardOf(storage, tenant, asked, storage.nowMs())).toEqual([]);
  const found = await unheardOf(storage, tenant, worker, storage.nowMs());
  expect(found).toEqual([{ id: held?.live.id, fence: 1 }]);
});
