// Tasks over the methods of a real hub, for tests of what stands above the store.
import { randomUUID } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import {
  WorkerSchema,
  type Assignment,
  type Worker,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  WorkRequestSchema,
  WorkService,
  type WorkRequest,
  type WorkResponse,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { onTestFinished } from "vitest";
import type { LocalHub } from "./hub.local.ts";
import { personOf } from "./joined.ts";
import type { SpecInit } from "./tasks.ts";

/** Patience of polls: as long as a slow machine needs. */
export const patient = { timeout: 20_000, interval: 10 };

let made = 0;

/** A queue that no other test of the file uses. */
export function newQueue(): string {
  return `queue-${++made}`;
}

/** Everything that can be asked about tasks, in a caller's name. */
export function taskCalls(local: LocalHub, caller: Caller = personOf(Role.ADMIN)) {
  const tasks = local.hub.calls.as(TaskService, caller);
  const queues = local.hub.calls.as(QueueService, caller);
  const work = local.hub.calls.as(WorkService, caller);
  const submit = async (spec: SpecInit & Queued) => {
    const whole = create(TaskSpecSchema, { kind: "scan", ...spec });
    const { task } = await tasks.submitTask({ requestId: randomUUID(), spec: whole });
    if (task === undefined) throw new Error("submitted, and no task");
    return task;
  };
  const claim = async (queue: string, options: ClaimOptions = {}) => {
    const { count = 1, waitMs, claimId = randomUUID(), worker = {} } = options;
    const wait = waitMs === undefined ? {} : { wait: durationFromMs(waitMs) };
    const who = create(WorkerSchema, { name: "w", concurrency: 100, ...worker, queue });
    const { assignments } = await work.claimTasks({ claimId, worker: who, count, ...wait });
    return assignments;
  };
  const complete = async (...assignments: Assignment[]) => {
    const reports = assignments.map(({ hold }) => {
      if (hold === undefined) throw new Error("assigned, and no hold");
      return { hold, said: { case: "result", value: { body: new Uint8Array([1]) } } as const };
    });
    return (await work.reportTasks({ reports })).receipts;
  };
  const get = async (taskId: string): Promise<Task> => {
    const { task } = await tasks.getTask({ taskId });
    if (task === undefined) throw new Error("found, and no task");
    return task;
  };
  return { tasks, queues, work, submit, claim, complete, get };
}

interface Queued {
  readonly queue: string;
}

interface ClaimOptions {
  readonly count?: number;
  readonly waitMs?: number;
  readonly claimId?: string;
  readonly worker?: WorkerInit;
}

type WorkerInit = Partial<Omit<Worker, "$typeName" | "$unknown">>;

const saidMax = 10_000;

/** A worker over a stream. */
export function openShift(
  calls: Pick<ReturnType<typeof taskCalls>, "work">,
  worker: WorkerInit & Queued,
) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const said = new BoundedQueue<WorkRequest>(saidMax);
  const heard: WorkResponse[] = [];
  const say = (one: MessageInitShape<typeof WorkRequestSchema>["said"]) =>
    said.offer(create(WorkRequestSchema, { said: one }));
  say({ case: "worker", value: create(WorkerSchema, { name: "w", concurrency: 4, ...worker }) });
  const ended = (async () => {
    for await (const one of calls.work.work(said, { signal: stop.signal })) heard.push(one);
  })().catch((error: unknown) => error);
  const of = <Case extends string>(is: Case) =>
    heard.flatMap((one) => {
      const { said: word } = one;
      return word.case === is ? [word as Extract<typeof word, { case: Case }>] : [];
    });
  return {
    say,
    heard,
    ended,
    leave: () => stop.abort(),
    finish: () => said.end(),
    assigned: () => of("assignment").map(({ value }) => value),
    receipts: () => of("receipt").map(({ value }) => value),
    stops: () => of("stop").map(({ value }) => value),
    of,
  };
}
