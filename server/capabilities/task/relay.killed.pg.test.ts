// What hubs below do for the hub above, while hubs die.
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import {
  hubBelow,
  patient,
  quick,
  share,
  slow,
  stateAt,
  submitAt,
  taskAt,
  topHub,
  workerAt,
} from "../../../tests/support/branches.ts";

const top = topHub();
const left = hubBelow(top, "left");
const right = hubBelow(top, "right");

test("a child that is killed amid a task loses it to another one, and what it says then is void", async () => {
  for (const hub of [left, right]) await share(hub, "killed", ParentUse.WORKS_FOR);
  const first = await workerAt(left, "killed", { queue: "killed" });
  const id = await submitAt(top, { queue: "killed", ...quick });
  const lost = await first.nth(0);
  await left.kill();
  const second = await workerAt(right, "killed", { queue: "killed" });
  await second.nth(0);
  await left.restart();
  await expect.poll(stateAt(left, lost.task?.id ?? ""), patient).toBe(TaskState.CANCELED);
  await second.doneAll(stateAt(top, id));
  expect((await taskAt(top, id)).attempt?.worker).toContain("right.example");
});

test("a child that comes back in time goes on, and so does one whose parent was away", async () => {
  await share(left, "back", ParentUse.WORKS_FOR);
  for (const [at, away] of [left, top].entries()) {
    const worker = await workerAt(left, `back-${at}`, { queue: "back" });
    const id = await submitAt(top, { queue: "back", ...slow });
    const given = await worker.nth(0);
    await away.restart();
    await expect.poll(() => worker.finish(given), patient).toBe(true);
    await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
    expect((await taskAt(top, id)).attempt?.number).toBe(1);
  }
});
