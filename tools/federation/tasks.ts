// What the sample instances ask of each other: words to be counted and sums to be taken of the
// files of this repository. Some of it is late, fails for show, or cannot be done at all.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import type { Job } from "@foedus/sdk/task/work.ts";
import type { TaskWish } from "@foedus/sdk/task/wish.ts";
import { digests } from "./schedule.ts";

/** Where several files wait to be read together. */
const surveys = "surveys";

const pauseMsMin = 20_000;
const pauseMsSpread = 40_000;
/** As they start they ask for several, so that there is something to see. */
const eagerRounds = 3;
const eagerMs = 3_000;
/** Long enough for somebody who looks at the page to see it. */
const showMs = 800;
const lateMs = 30_000;
const concurrency = 2;
const surveyed = 3;
const priorityUrgent = 9;
const missing = "docs/lost-and-found.md";

/** What is wanted in turn, round after round. */
const rounds = ["count", "sum", "late", "count", "flaky", "survey", "sum", "missing"] as const;
type Round = (typeof rounds)[number];

/** Works for the others, and asks something of them now and then, until the node ends. */
export async function shareTasks(node: FoedusNode, world: World, root: string): Promise<void> {
  try {
    const work = (job: Job) => doSample(job, node, world, root);
    for (const queue of [digests, surveys]) {
      node.work({ queue, name: node.name, concurrency, capabilities: ["read"] }, work);
    }
    const files = await readable(root);
    const first = below(rounds.length, world);
    for (let round = 0; !node.signal.aborted; round++) {
      await ask(node, rounds[(first + round) % rounds.length] ?? "count", files, world);
      const pauseMs = pauseMsMin + below(pauseMsSpread, world);
      await world.timers.sleep(round < eagerRounds ? eagerMs : pauseMs, node.signal);
    }
  } catch (error) {
    // The tasks are for show: an instance goes on without them.
    if (!node.signal.aborted) console.error(`${node.name}: shares no tasks: ${String(error)}`);
  }
}

async function ask(
  node: FoedusNode,
  round: Round,
  files: readonly string[],
  world: World,
): Promise<void> {
  if (round === "missing" && (await hasDeadLetter(node))) return;
  await node.tasks.submit(wishOf(round, files, world), { signal: node.signal });
}

/** One is enough for a page to show; whoever retries or forgets it gets another one. */
async function hasDeadLetter({ tasks, signal }: FoedusNode): Promise<boolean> {
  const failed = tasks.list({ queue: digests, states: [TaskState.FAILED] }, { signal });
  return (await failed.next()).done !== true;
}

/** What is asked for in a round. */
export function wishOf(round: Round, files: readonly string[], world: World): TaskWish {
  const path = files[below(files.length, world)] ?? "README.md";
  const needs = { capabilities: ["read"] };
  const count = { queue: digests, kind: "count-words", payload: { path }, needs };
  const sum = { ...count, kind: "sha256" };
  const retry = { initialInterval: durationFromMs(lateMs), maximumAttempts: 3 };
  const all = {
    count,
    sum,
    late: { ...sum, delayMs: lateMs, labels: { sample: "late" } },
    flaky: { ...count, kind: "fail-once", retry, priority: priorityUrgent },
    survey: { queue: surveys, kind: "survey", payload: { paths: files.slice(0, surveyed) }, needs },
    missing: { ...sum, payload: { path: missing }, retry },
  } satisfies Record<Round, TaskWish>;
  return all[round];
}

/** Does what is asked for; of files it reads only those that it lists itself. */
async function doSample(job: Job, node: FoedusNode, world: World, root: string): Promise<object> {
  if (job.kind === "survey") return await surveyOf(job, node);
  const { path } = job.json() as { path?: string };
  job.progress({ fraction: 0, message: `reads ${path}` });
  await world.timers.sleep(showMs, job.signal);
  job.signal.throwIfAborted();
  if (job.kind === "fail-once" && job.attempt === 1) {
    throw new TaskFailed("FOR_SHOW", "it fails the first time, to be seen tried again");
  }
  return await lookAt(root, path ?? "", job.kind);
}

/** Lets others look at each of several files, and puts together what they say. */
async function surveyOf(job: Job, { tasks }: FoedusNode): Promise<object> {
  const { paths = [] } = job.json() as { paths?: string[] };
  let words = 0;
  for (const [at, path] of paths.entries()) {
    job.progress({ fraction: at / paths.length, message: `asks about ${path}` });
    const needs = { capabilities: ["read"] };
    const wish = { queue: digests, kind: "count-words", payload: { path }, needs };
    const { task } = await job.submit(wish);
    const { json } = await tasks.result(task.id, { signal: job.signal });
    words += (json() as { words: number }).words;
  }
  return { files: paths.length, words };
}

/** The words or the sum of a file. @throws TaskFailed FILE_MISSING, for good. */
export async function lookAt(root: string, path: string, kind: string): Promise<object> {
  if (!(await readable(root)).includes(path)) {
    throw new TaskFailed("FILE_MISSING", `${path} is not here`, { isFinal: true });
  }
  const text = await readFile(join(root, path), "utf8");
  if (kind === "sha256") return { path, sha256: createHash("sha256").update(text).digest("hex") };
  return { path, words: text.split(/\s+/).filter(Boolean).length };
}

/** The files that the samples look at. */
export async function readable(root: string): Promise<string[]> {
  const names = await readdir(join(root, "docs"));
  const docs = names.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  return ["README.md", ...docs.toSorted()];
}

function below(bound: number, { random }: World): number {
  return Math.floor(random.fraction() * bound);
}
