// A hub and hubs below it, in processes of their own, and what tests of tasks do with them.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  QueueService,
  QueueSettingsSchema,
  type ParentUse,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import {
  PayloadSchema,
  TaskSpecSchema,
  TaskState,
  type Task,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { ExplainTaskResponse } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { ReportSchema, Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Assignment, Report } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { expect } from "vitest";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import type { HubSession } from "../../tools/federation/session.ts";
import { startTestHub, type TestHub } from "./federated.ts";
import { shared } from "./shared.ts";
import { openShift } from "./tasked.ts";
import type { SpecInit } from "./tasks.ts";

/** Patience of polls across hubs: as long as a slow machine needs. */
export const patient = { timeout: 100_000, interval: 50 };

/** Polls ask a lot. */
const manyCalls = ["--control-rate", "1000000", "--publish-rate", "1000000"];

/** Tasks that are long in coming back from whoever dies with them. */
export const slow = { timeouts: { heartbeat: durationFromMs(600_000) } };
/** Tasks that come back soon, as often as it takes. */
export const quick = {
  timeouts: { heartbeat: durationFromMs(3_000) },
  retry: { maximumAttempts: 100, initialInterval: durationFromMs(100) },
};

/** The hub above all others, for all tests of a file. */
export function topHub(flags: readonly string[] = []): TestHub {
  return shared(() => startTestHub([...manyCalls, ...flags]), stopped);
}

/** A hub below another one, for all tests of a file. */
export function hubBelow(top: TestHub, name: string): TestHub {
  return shared(() => below(top, name), stopped);
}

const stopped = (hub: TestHub) => hub.stop();

/** A hub below another one. */
export async function below(top: TestHub, name: string): Promise<TestHub> {
  const file = join(top.data, "..", `${name}.token`);
  await writeFile(file, (await top.session().token(name)).secret);
  const parent = ["--parent", top.invitation(), "--parent-token-file", file];
  return await startTestHub([...manyCalls, ...parent, "--trust-domain", `${name}.example`]);
}

/** A hub, wherever it runs. */
interface Asked {
  session(): Pick<HubSession, "as">;
}

/** What a queue of a hub has to do with the one above. */
export async function share(hub: Asked, queue: string, parent: ParentUse): Promise<void> {
  const settings = create(QueueSettingsSchema, { parent });
  const request = { requestId: randomUUID(), queue, settings, fields: ["parent"] };
  await hub.session().as(QueueService).setQueue(request);
}

/** Submits a task in the owner's name; returns its id. */
export async function submitAt(hub: Asked, spec: SpecInit): Promise<string> {
  const whole = create(TaskSpecSchema, { kind: "scan", ...spec });
  const request = { requestId: randomUUID(), spec: whole };
  const { task } = await hub.session().as(TaskService).submitTask(request);
  return task?.id ?? "";
}

/** A task as a hub shows it. */
export async function taskAt(hub: Asked, taskId: string): Promise<Task> {
  const { task } = await hub.session().as(TaskService).getTask({ taskId });
  if (task === undefined) throw new Error(`no task ${taskId}`);
  return task;
}

/** How a task stands at a hub, to be asked again and again. */
export function stateAt(hub: Asked, taskId: string): () => Promise<TaskState> {
  return async () => (await taskAt(hub, taskId)).state;
}

/** Why a task stands as it does, as a hub says it. */
export async function explainedAt(hub: Asked, taskId: string): Promise<ExplainTaskResponse> {
  return await hub.session().as(TaskService).explainTask({ taskId });
}

/** The newest task of a queue, as a hub shows it. */
export async function newestAt(hub: Asked, queue: string): Promise<Task | undefined> {
  return (await hub.session().as(TaskService).listTasks({ queue })).tasks[0];
}

/** A result that says this. */
export function resultOf(text: string) {
  const body = new TextEncoder().encode(text);
  return create(PayloadSchema, { contentType: "text/plain", body });
}

type WorkerWish = Parameters<typeof openShift>[1] & { readonly room?: number };

/** A worker of a queue on a node of its own, with room for so many. */
export async function workerAt(hub: TestHub, name: string, worker: WorkerWish) {
  return workerOn(await hub.node(name), worker);
}

/** A worker of a queue on a node. */
export function workerOn(node: FoedusNode, { room = 1, ...who }: WorkerWish) {
  const shift = openShift({ work: node.client(WorkService) }, { concurrency: room, ...who });
  shift.say({ case: "room", value: room });
  const sayOf = ({ hold }: Assignment, said: Report["said"], spent = 0) => {
    if (hold === undefined) throw new Error("assigned, and no hold");
    shift.say({
      case: "report",
      value: create(ReportSchema, { hold, said, spent: BigInt(spent) }),
    });
  };
  const complete = (one: Assignment, spent = 0) =>
    sayOf(one, { case: "result", value: resultOf("done") }, spent);
  /** The same over a call of its own, which needs no stream: whether the hub has it. */
  const finish = async ({ hold }: Assignment): Promise<boolean> => {
    if (hold === undefined) throw new Error("assigned, and no hold");
    const said = { case: "result", value: resultOf("done") } as const;
    const { receipts } = await node.client(WorkService).reportTasks({ reports: [{ hold, said }] });
    return [Verdict.TAKEN, Verdict.REPEATED].includes(receipts[0]?.verdict ?? 0);
  };
  /** The assignment at this place, once it is here. */
  const nth = async (at: number): Promise<Assignment> => {
    await expect.poll(() => shift.assigned().length, patient).toBeGreaterThan(at);
    const one = shift.assigned()[at];
    if (one === undefined) throw new Error("assigned, and none is there");
    return one;
  };
  /** Completes whatever is assigned until the task is done: on a slow machine a hold may lapse. */
  const doneAll = async (state: () => Promise<TaskState>) => {
    const now = async () => {
      for (const one of shift.assigned()) complete(one);
      return await state();
    };
    await expect.poll(now, { ...patient, interval: 200 }).toBe(TaskState.COMPLETED);
  };
  return { ...shift, node, sayOf, complete, finish, nth, doneAll };
}
