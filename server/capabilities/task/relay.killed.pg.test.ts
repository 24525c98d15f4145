// What hubs below do for the hub above, while hubs die.
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  below,
  patient,
  share,
  submitAt,
  taskAt,
  workerAt,
} from "../../../tests/support/branches.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let top: TestHub;
let left: TestHub;
let right: TestHub;
beforeAll(async () => {
  top = await startTestHub();
  [left, right] = await Promise.all([below(top, "left"), below(top, "right")]);
});
afterAll(() => Promise.all([left, right, top].map((hub) => hub.stop())));

const stateAt = (hub: TestHub, id: string) => async () => (await taskAt(hub, id)).state;

const quick = {
  timeouts: { heartbeat: durationFromMs(3_000) },
  retry: { maximumAttempts: 100, initialInterval: durationFromMs(100) },
};

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

const slow = { timeouts: { heartbeat: durationFromMs(600_000) } };

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
