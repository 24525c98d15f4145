// What operators see of tasks: figures, and queues at which nobody works.
import { randomUUID } from "node:crypto";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf } from "../../../tests/support/joined.ts";
import { openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";
import { Crew } from "./crew.flow.ts";
import { Desk } from "./desk.loop.ts";
import { Gauges } from "./gauge.loop.ts";
import { Watches } from "./watch.loop.ts";

const local = sharedHub();

test("a queue whose tasks have waited for five minutes without a worker is told of", async () => {
  const { queues, submit } = taskCalls(local);
  const hubs = local.hub.calls.as(HubService, personOf(Role.OBSERVER));
  const reasons = async () => (await hubs.getFederationHealth({})).health?.reasons ?? [];
  const lonely = async () => (await reasons()).filter((reason) => reason.includes("queue lonely"));
  await submit({ queue: "lonely" });
  expect(await lonely()).toEqual([]);
  await rowsOf(local.url, "update task set ready_ms = ready_ms - 300000 where queue = 'lonely'");
  const told = ["queue lonely has no worker, and 1 task waits, for 5 min by now"];
  await expect.poll(lonely, patient).toEqual(told);
  const pause = (paused: boolean) =>
    queues.setQueue({
      requestId: randomUUID(),
      queue: "lonely",
      settings: { paused },
      fields: ["paused"],
    });
  await pause(true);
  await expect.poll(lonely, patient).toEqual([]);
  await pause(false);
  await expect.poll(lonely, patient).toHaveLength(1);
  openShift(taskCalls(local, (await joinNode(local.hub)).caller), { queue: "lonely" });
  await expect.poll(lonely, patient).toEqual([]);
});

test("figures count tasks by how they stand, and how long the oldest waits", async () => {
  const { storage } = local.hub;
  const { submit, tasks } = taskCalls(local);
  const { id } = await submit({ queue: "figures" });
  await submit({ queue: "figures", dependsOn: [id] });
  await tasks.cancelTask({
    requestId: randomUUID(),
    taskId: (await submit({ queue: "figures" })).id,
    reason: "",
  });
  const figures = new Map<string, () => Iterable<readonly [number, object]>>();
  const meters = {
    gauge: (name: string, _: string, read: () => Iterable<readonly [number, object]>) =>
      void figures.set(name, read),
  };
  const gauges = new Gauges(storage);
  gauges.meter({ meters }, new Crew(), new Desk(storage), new Watches(storage));
  await gauges.look();
  const counts = new Map(
    [...(figures.get("foedus_task")?.() ?? [])].map(
      ([count, { state }]: readonly [number, { state?: string }]) => [state, count],
    ),
  );
  expect(Object.fromEntries(counts)).toEqual({
    ready: 2,
    scheduled: 0,
    blocked: 1,
    working: 0,
    failed: 0,
  });
  const [[seconds] = [0]] = [...(figures.get("foedus_task_oldest_wait_seconds")?.() ?? [])];
  expect(seconds).toBeGreaterThanOrEqual(300);
});
