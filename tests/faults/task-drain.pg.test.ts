import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  WorkRequestSchema,
  WorkService,
  type WorkRequest,
  type WorkResponse,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { cloneDatabase } from "../support/database.ts";
import { samePorts, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { until } from "../support/until.ts";
import { hasty, joinedNode } from "./load.ts";

const saidMax = 100;
const flags = ["--drain-ms", "2000"];
const queue = "drained";

let folder = "";
let url = "";
let hub: HubProcess;
let node: FoedusNode;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-task-drain-"));
  ({ url } = await cloneDatabase());
  hub = await startHubProcess({ data: folder, url, flags });
  node = await joinedNode(hub.ready, folder, "worker", hasty);
});
afterAll(async () => {
  await node.close();
  await hub.kill();
  await rm(folder, { recursive: true, force: true });
});

/** A worker over a stream of its node's connection, and all it hears. */
function openStream() {
  const said = new BoundedQueue<WorkRequest>(saidMax);
  const heard: WorkResponse["said"][] = [];
  const say = (one: MessageInitShape<typeof WorkRequestSchema>["said"]) =>
    said.offer(create(WorkRequestSchema, { said: one }));
  say({ case: "worker", value: { name: "w", queue, concurrency: 1 } });
  const ended = (async () => {
    for await (const one of node.client(WorkService).work(said)) heard.push(one.said);
  })().catch((error: unknown) => error);
  const cases = () => heard.map((one) => one.case);
  const receipts = () => heard.flatMap((one) => (one.case === "receipt" ? [one.value] : []));
  return { say, heard, cases, receipts, ended, finish: () => said.end() };
}

test("a hub that is told to stop sends its workers away, and their holds go on", async () => {
  const tasks = node.client(TaskService);
  const timeouts = { heartbeat: durationFromMs(600_000) };
  const spec = { queue, kind: "scan", timeouts };
  const { task } = await tasks.submitTask({ requestId: randomUUID(), spec });
  const first = openStream();
  first.say({ case: "room", value: 1 });
  await until(() => expect(first.cases()).toContain("assignment"));
  const given = first.heard.find((one) => one.case === "assignment");
  const hold = given?.case === "assignment" ? given.value.hold : undefined;
  expect(hold).toBeDefined();
  expect(await hub.stop()).toBe(0);
  await first.ended;
  expect(first.cases()).toContain("reconnect");
  hub = await startHubProcess({ data: folder, url, flags: [...flags, ...samePorts(hub.ready)] });
  await node.ready();
  const second = openStream();
  second.say({ case: "report", value: { hold } });
  await until(() => expect(second.receipts()).toMatchObject([{ verdict: Verdict.TAKEN }]));
  second.say({ case: "report", value: { hold, said: { case: "result", value: {} } } });
  await until(() => expect(second.receipts()).toHaveLength(2));
  second.finish();
  expect(await second.ended).toBeUndefined();
  const { task: done } = await tasks.getTask({ taskId: task?.id ?? "" });
  expect(done).toMatchObject({ state: TaskState.COMPLETED, attempt: { number: 1 } });
});
