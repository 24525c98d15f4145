// What a hub does with its tasks when the hub above takes none of one queue.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import {
  ParentUse,
  QueueService,
  QueueSettingsSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import {
  explainedAt,
  hubBelow,
  patient,
  share,
  stateAt,
  submitAt,
  topHub,
  workerAt,
} from "../../../tests/support/branches.ts";

const top = topHub();
const left = hubBelow(top, "left");

/** A queue of the hub above takes so many. */
async function limited(queue: string, depthMax: number): Promise<void> {
  const settings = create(QueueSettingsSchema, { depthMax });
  const request = { requestId: randomUUID(), queue, settings, fields: ["depth_max"] };
  await top.session().as(QueueService).setQueue(request);
}

test("a queue that is full above stays at home and says so; others go up, and ends are heard", async () => {
  await limited("a-full", 1);
  for (const queue of ["a-full", "b-open"]) await share(left, queue, ParentUse.HANDS_UP);
  const first = await submitAt(left, { queue: "a-full" });
  const said = async (id: string) => (await explainedAt(left, id)).summary;
  await expect.poll(() => said(first), patient).toContain("handed up to the parent as task_");
  const second = await submitAt(left, { queue: "a-full" });
  const waits = async () => {
    const texts = (await explainedAt(left, second)).waits.map(({ waitingFor }) => waitingFor);
    return texts.find((text) => text.includes("takes none of its queue now")) ?? "";
  };
  await expect.poll(waits, patient).toContain("the queue a-full holds 1 tasks; the limit is 1");
  const other = await submitAt(left, { queue: "b-open" });
  const open = await workerAt(top, "open", { queue: "b-open" });
  open.complete(await open.nth(0));
  await expect.poll(stateAt(left, other), patient).toBe(TaskState.COMPLETED);
  expect(await stateAt(left, first)()).toBe(TaskState.WORKING);
  const full = await workerAt(top, "full", { queue: "a-full", room: 2 });
  full.complete(await full.nth(0));
  await expect.poll(stateAt(left, first), patient).toBe(TaskState.COMPLETED);
  // Whoever comes here meanwhile does what could not go up, unless it goes up just now.
  const here = await workerAt(left, "here", { queue: "a-full" });
  await here.doneAll(async () => {
    for (const one of full.assigned()) full.complete(one);
    return await stateAt(left, second)();
  });
});
