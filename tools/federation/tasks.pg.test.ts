import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import { expect, test } from "vitest";
import { testHub } from "../../tests/support/federated.ts";
import { fastWorld } from "../../tests/support/world.fast.ts";
import { sampleSchedule } from "./schedule.ts";
import { lookAt, readable, shareTasks } from "./tasks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("samples work for each other: some of it late, some twice, one for nobody", async () => {
  const hub = await testHub();
  const fast = { ...realWorld, timers: fastWorld(100).timers };
  const nodes = await Promise.all(["server", "web"].map((name) => hub.node(name)));
  const [node] = nodes;
  if (node === undefined) throw new Error("nobody works");
  const sharing = nodes.map((each) => shareTasks(each, fast, root));
  const ended = async (state: TaskState) => {
    const kinds = new Map<string, string>();
    for await (const { spec, failure } of node.tasks.list({ states: [state] })) {
      kinds.set(spec?.kind ?? "", failure?.reason ?? "");
    }
    return Object.fromEntries(kinds);
  };
  const done = { "count-words": "", sha256: "", survey: "" };
  await expect.poll(() => ended(TaskState.COMPLETED)).toMatchObject(done);
  await expect.poll(() => ended(TaskState.FAILED)).toEqual({ sha256: "FILE_MISSING" });
  const again = async () => Object.keys(await ended(TaskState.SCHEDULED));
  await expect.poll(again).toEqual(expect.arrayContaining(["fail-once"]));
  const wish = { requestId: randomUUID(), schedule: sampleSchedule() };
  const { times } = await hub.session().as(QueueService).setSchedule(wish);
  expect(times).toHaveLength(5);
  await Promise.all(nodes.map((each) => each.close()));
  await Promise.all(sharing);
});

test("they look at pages of this repository, and at nothing else", async () => {
  expect(await readable(root)).toContain("README.md");
  expect(await lookAt(root, "README.md", "count-words")).toMatchObject({ path: "README.md" });
  for (const path of ["package.json", "../etc/passwd", "docs/../package.json", ""]) {
    await expect(lookAt(root, path, "sha256")).rejects.toBeInstanceOf(TaskFailed);
  }
});
