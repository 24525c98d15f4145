// What hubs below do for the hub above, while their connections are renewed.
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { expect, test } from "vitest";
import {
  hubBelow,
  patient,
  share,
  slow,
  submitAt,
  taskAt,
  topHub,
  workerAt,
} from "../../../tests/support/branches.ts";

const top = topHub(["--certificate-ms", "5000"]);
const left = hubBelow(top, "left");

/** The child as the parent sees it at work. */
async function workerSeen(queue: string) {
  const { workers } = await top.session().as(WorkService).listWorkers({ queue });
  return workers[0];
}

test("a hold lives through renewed connections, and there is room again after it", async () => {
  await share(left, "moves", ParentUse.WORKS_FOR);
  const worker = await workerAt(left, "moves", { queue: "moves" });
  const id = await submitAt(top, { queue: "moves", ...slow });
  const given = await worker.nth(0);
  const since = async () => Number((await workerSeen("moves"))?.since?.seconds ?? 0n);
  for (let moves = 0; moves < 2; moves += 1) {
    const before = await since();
    await expect.poll(since, patient).toBeGreaterThan(before);
    const held = async () => (await workerSeen("moves"))?.holds.map(({ taskId }) => taskId);
    await expect.poll(held, patient).toEqual([id]);
  }
  const next = await submitAt(top, { queue: "moves", ...slow });
  worker.complete(given);
  worker.complete(await worker.nth(1));
  for (const one of [id, next]) {
    const state = async () => (await taskAt(top, one)).state;
    await expect.poll(state, patient).toBe(TaskState.COMPLETED);
    expect((await taskAt(top, one)).attempt?.number).toBe(1);
  }
});
