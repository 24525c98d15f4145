import { create } from "@bufbuild/protobuf";
import { WorkerSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { sharedTasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { HubIdentity } from "../../runtime/capability.ts";
import { openProcesses } from "../../runtime/processes.ts";
import { Crew, type Mate } from "./crew.flow.ts";
import { Crews } from "./crews.loop.ts";

const tasks = sharedTasks();

test("who asked once and never again is forgotten, also where no other hub is told", async () => {
  const { storage } = tasks;
  const crew = new Crew();
  const identity = { hubId: "hub_1" } as HubIdentity;
  const crews = new Crews({ storage, processes: openProcesses(), identity }, crew);
  const worker = create(WorkerSchema, { queue: "work", name: "w" });
  const mate: Mate = {
    tenant: newTenant(),
    node: { nodeId: "node_1", name: "one", labels: {} },
    worker,
    sinceMs: storage.nowMs(),
    seenMs: storage.nowMs(),
    holds: new Map(),
    isDraining: false,
    free: () => 1,
    completed: 0,
    failed: 0,
    line: undefined,
  };
  crew.join(mate);
  await crews.tell();
  expect([...crew.all()]).toEqual([mate]);
  tasks.pass(120_000);
  await crews.tell();
  expect([...crew.all()]).toEqual([]);
});
