// What hubs below do for the hub above, while hubs die and the line between them breaks.
import { join } from "node:path";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
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
import { addressKept, lead, openRelay } from "../../../tests/support/relay.ts";

let top: TestHub;
let left: TestHub;
let right: TestHub;
beforeAll(async () => {
  top = await startTestHub();
  [left, right] = await Promise.all([below(top, "left"), below(top, "right")]);
});
afterAll(() => Promise.all([left, right, top].map((hub) => hub.stop())));

const stateAt = (hub: TestHub, id: string) => async () => (await taskAt(hub, id)).state;

async function connected(hub: TestHub): Promise<void> {
  const state = async () => {
    const { status } = await hub.session().as(HubService).getStatus({});
    return status?.uplink?.state;
  };
  await expect.poll(state, patient).toBe(UplinkState.CONNECTED);
}

const quick = {
  timeouts: { heartbeat: durationFromMs(3_000) },
  retry: { maximumAttempts: 100, initialInterval: durationFromMs(100) },
};

test("a child that is killed amid a task loses it to another one, and what it says then is void", async () => {
  for (const hub of [left, right]) await share(hub, "killed", ParentUse.WORKS_FOR);
  const first = await workerAt(left, "killed", { queue: "killed" });
  const id = await submitAt(top, { queue: "killed", ...quick });
  const lost = await first.nth(0);
  const lowerId = lost.task?.id ?? "";
  await left.kill();
  const second = await workerAt(right, "killed", { queue: "killed" });
  const taken = await second.nth(0);
  await left.restart();
  await expect.poll(stateAt(left, lowerId), patient).toBe(TaskState.CANCELED);
  expect(await stateAt(top, id)()).toBe(TaskState.WORKING);
  second.complete(taken, 3);
  await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
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

test("a result that the line lost on its way is told again, and counts once", async () => {
  await share(right, "torn", ParentUse.WORKS_FOR);
  await connected(right);
  const home = join(right.data, "keys", "parent");
  const relay = await openRelay(await addressKept(home));
  await right.kill();
  await lead(home, relay.address);
  await right.restart();
  const worker = await workerAt(right, "torn", { queue: "torn", room: 2 });
  const ids = [await submitAt(top, { queue: "torn", ...slow })];
  ids.push(await submitAt(top, { queue: "torn", ...slow }));
  const given = [await worker.nth(0), await worker.nth(1)];
  relay.tear(80);
  for (const one of given) worker.complete(one);
  for (const { task } of given) {
    await expect.poll(stateAt(right, task?.id ?? ""), patient).toBe(TaskState.COMPLETED);
  }
  relay.shut();
  relay.open();
  for (const id of ids) {
    await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
    expect((await taskAt(top, id)).attempt?.number).toBe(1);
  }
  // What is told is forgotten, and there is room again.
  const next = await submitAt(top, { queue: "torn", ...slow });
  worker.complete(await worker.nth(2));
  await expect.poll(stateAt(top, next), patient).toBe(TaskState.COMPLETED);
});
