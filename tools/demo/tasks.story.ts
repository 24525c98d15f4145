import { createHash } from "node:crypto";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { jsonOf } from "@foedus/sdk/task/payload.ts";
import type { Tasks } from "@foedus/sdk/task/tasks.ts";
import type { Job, TaskWorker } from "@foedus/sdk/task/work.ts";
import { until } from "./sync.tree.ts";
import { concurrency, queue } from "./tasks.crew.ts";
import type { Targets } from "./tasks.liar.ts";

/** What is to be done: enough that somebody can die amid it. */
const tasksWanted = 60;
const stepMs = 40;
const leaseMs = 2_000;
const lengths = [14, 17, 19];
const words = "so much depends upon a red wheel barrow glazed with rain water".split(" ");

/** A task of the demonstration, and what it should come to. */
export interface Wanted {
  readonly id: string;
  readonly label: string;
  readonly result: object;
}

/** How a task went, by the hub's own record. */
export interface Went extends Wanted {
  readonly task: Task;
  readonly steps: readonly TaskStep[];
}

/** Submits all at once. */
export async function submitAll(tasks: Tasks): Promise<Wanted[]> {
  const wishes = Array.from({ length: tasksWanted }, (_, at) => {
    const text = words.slice(0, 1 + (at % words.length)).join(" ");
    const isCount = at % 2 === 0;
    const ms = stepMs * (lengths[at % lengths.length] ?? 1);
    const result = isCount
      ? { words: text.split(" ").length }
      : { sha256: createHash("sha256").update(text).digest("hex") };
    const kind = isCount ? "count-words" : "sha256";
    const timeouts = { heartbeat: durationFromMs(leaseMs) };
    const retry = { initialInterval: durationFromMs(1) };
    const wish = { queue, kind, payload: { text, ms }, timeouts, retry };
    return { wish, result, label: String(at + 1).padStart(2, "0") };
  });
  const submitted = await tasks.submitMany(wishes.map(({ wish }) => wish));
  return wishes.map(({ result, label }, at) => {
    return { id: submitted[at]?.taskId ?? "", result, label };
  });
}

/** The liar does honest work besides. */
export function workHonestly(node: FoedusNode): TaskWorker {
  return node.work({ queue, name: node.name, concurrency }, async (job: Job) => {
    const { text = "", ms = 0 } = job.json() as { text?: string; ms?: number };
    await realWorld.timers.sleep(ms, job.signal);
    job.signal.throwIfAborted();
    if (job.kind === "count-words") return { words: text.split(" ").length };
    return { sha256: createHash("sha256").update(text).digest("hex") };
  });
}

/** Waits until a node is amid as many tasks as it does at once, and has done some. */
export async function untilAmid(tasks: Tasks, nodeId: string): Promise<void> {
  await until(
    "a worker amid its tasks",
    async () => (await listed(tasks)).filter(({ attempt }) => attempt?.nodeId === nodeId),
    (found) => {
      const holds = found.filter(isWorking).length;
      return holds === concurrency && found.length > holds;
    },
  );
}

/** What a node holds now. */
export async function heldBy(tasks: Tasks, nodeId: string): Promise<Task[]> {
  const all = await listed(tasks);
  return all.filter((task) => isWorking(task) && task.attempt?.nodeId === nodeId);
}

/** Waits until what the dead held is with others, and a liar has done something itself. */
export async function untilPassedOn(
  tasks: Tasks,
  held: readonly Task[],
  liar: string,
): Promise<Pick<Targets, "others" | "passedOn" | "olderFence" | "own">> {
  const dead = held[0]?.attempt?.nodeId;
  const fences = new Map(held.map(({ id, attempt }) => [id, attempt?.fence ?? 0n]));
  const isPassedOn = ({ id, attempt }: Task) => fences.has(id) && attempt?.nodeId !== dead;
  // What it said with its last breath counts.
  const isOver = (task: Task) => fences.has(task.id) && task.state === TaskState.COMPLETED;
  const isOwn = ({ state, attempt }: Task) =>
    state === TaskState.COMPLETED && attempt?.nodeId === liar;
  const all = await until(
    "the tasks of the dead with others",
    () => listed(tasks),
    (found) =>
      found.filter((task) => isPassedOn(task) || isOver(task)).length === fences.size &&
      found.some(isOwn),
  );
  const taken = all.filter(({ attempt }) => attempt !== undefined);
  const theirs = taken.filter(({ attempt }) => attempt?.nodeId !== liar);
  const others = theirs.find(isWorking) ?? theirs[0];
  const passedOn = all.find(isPassedOn);
  const own = all.find(isOwn);
  if (others === undefined || passedOn === undefined || own === undefined) {
    throw new Error("nobody to lie about");
  }
  return { others, passedOn, own, olderFence: fences.get(passedOn.id) ?? 0n };
}

/** Waits until nothing is left to do; says how all of it went. */
export async function untilDone(tasks: Tasks, wanted: readonly Wanted[]): Promise<Went[]> {
  const ended = [TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELED];
  await until(
    "all tasks done",
    async () => (await listed(tasks, ended)).length,
    (count) => count === wanted.length,
  );
  return await Promise.all(wanted.map((one) => wentOf(tasks, one)));
}

async function wentOf(tasks: Tasks, wanted: Wanted): Promise<Went> {
  const steps: TaskStep[] = [];
  for await (const step of tasks.steps(wanted.id)) steps.push(step);
  return { ...wanted, task: await tasks.get(wanted.id), steps };
}

/** Whether it came to what it should. */
export function isRight({ task, result }: Went): boolean {
  const said = jsonOf(task.result?.body ?? new Uint8Array());
  return JSON.stringify(said) === JSON.stringify(result);
}

function isWorking({ state }: Task): boolean {
  return state === TaskState.WORKING;
}

async function listed(tasks: Tasks, states: TaskState[] = []): Promise<Task[]> {
  const found: Task[] = [];
  for await (const task of tasks.list({ queue, states })) found.push(task);
  return found;
}
