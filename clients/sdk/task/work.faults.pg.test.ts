// What a worker makes of calls to stop, of failures, and of a hub that comes and goes.
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestHub, testHub, type TestHub } from "../../../tests/support/federated.ts";
import { addressKept, lead, openRelay } from "../../../tests/support/relay.ts";
import { patient } from "../../../tests/support/tasked.ts";
import { openNode } from "../open.ts";
import { TaskFailed, TaskStopped } from "./failed.ts";
import type { Job } from "./work.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

let made = 0;
const newQueue = () => `queue-${++made}`;
/** No hub takes so long to start. */
const patiently = { heartbeat: durationFromMs(300_000) };
const soon = { initialInterval: durationFromMs(1), maximumAttempts: 3 };

/** Ends when the job is to stop, as well-behaved work does. */
function untilStopped({ signal }: Job): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Work that waits until the test lets it go. */
function gate() {
  const begun = Promise.withResolvers<Job>();
  const open = Promise.withResolvers<unknown>();
  const work = async (job: Job) => {
    begun.resolve(job);
    return await open.promise;
  };
  return { work, begun: begun.promise, open: open.resolve };
}

test("a task that is called off stops whoever does it, and its submitter is told", async () => {
  const node = await hub.node("canceler");
  const queue = newQueue();
  const begun = Promise.withResolvers<Job>();
  await using worker = node.work({ queue }, async (job) => {
    begun.resolve(job);
    return await untilStopped(job);
  });
  const { task } = await node.tasks.submit({ queue, kind: "slow" });
  const { signal } = await begun.promise;
  await node.tasks.cancel(task.id, "no longer needed");
  await expect(node.tasks.result(task.id)).rejects.toMatchObject({
    reason: "CANCELED",
    message: expect.stringContaining("no longer needed") as string,
  });
  const stopped: unknown = signal.reason;
  expect(stopped).toBeInstanceOf(TaskStopped);
  expect(stopped).toMatchObject({ because: "canceled", message: "no longer needed" });
  await expect.poll(() => worker.status().holds, patient).toEqual([]);
});

test("failures are told by their reason, and tried again unless they are final", async () => {
  const node = await hub.node("failing");
  const queue = newQueue();
  await using worker = node.work({ queue }, ({ attempt, kind }) => {
    if (kind === "twice" && attempt < 3) throw new TaskFailed("RATE_LIMITED", "slowly");
    if (kind === "final") throw new TaskFailed("NO_SUCH_PAGE", "page 9", { isFinal: true });
    if (kind === "bug") throw new Error("somebody@example.org has no password");
    if (kind === "huge") return new Uint8Array(262_145);
    if (kind === "odd") return 1n;
    return attempt;
  });
  const run = async (kind: string) => {
    const { task } = await node.tasks.submit({ queue, kind, retry: soon });
    return await node.tasks.result(task.id);
  };
  expect((await run("twice")).json()).toBe(3);
  await expect(run("final")).rejects.toMatchObject({ reason: "NO_SUCH_PAGE", message: "page 9" });
  const redacted = { reason: "UNCAUGHT", message: "[email] has no password" };
  await expect(run("bug")).rejects.toMatchObject(redacted);
  const huge = { reason: "RESULT_TOO_LARGE", message: expect.stringContaining("262145") as string };
  await expect(run("huge")).rejects.toMatchObject(huge);
  await expect(run("odd")).rejects.toMatchObject({ reason: "RESULT_INVALID" });
  expect(worker.status()).toMatchObject({ completed: 1, failed: 8, connection: "open" });
});

test("a dead letter is done once somebody retries it", async () => {
  const node = await hub.node("retrying");
  const queue = newQueue();
  let isMended = false;
  await using _ = node.work({ queue }, () => {
    if (!isMended) throw new TaskFailed("BROKEN", "not yet", { isFinal: true });
    return "mended";
  });
  const { task } = await node.tasks.submit({ queue, kind: "k" });
  await expect(node.tasks.result(task.id)).rejects.toBeInstanceOf(TaskFailed);
  isMended = true;
  await node.tasks.retry(task.id);
  expect((await node.tasks.result(task.id)).json()).toBe("mended");
});

test("a part of a task is done before the whole, and is known as its part", async () => {
  const node = await hub.node("parted");
  const queue = newQueue();
  await using _ = node.work({ queue, concurrency: 2 }, async (job) => {
    if (job.kind === "part") return 21;
    job.progress({ fraction: 0.5, message: "halves", spent: 1 });
    const { task } = await job.submit({ queue, kind: "part" });
    const part = await node.tasks.result(task.id, { signal: job.signal });
    return Number(part.json()) * 2;
  });
  const { task } = await node.tasks.submit({ queue, kind: "whole" });
  expect((await node.tasks.result(task.id)).json()).toBe(42);
  const parts = [];
  for await (const part of node.tasks.list({ parentId: task.id })) parts.push(part.spec?.kind);
  expect(parts).toEqual(["part"]);
});

test("progress reaches whoever watches", async () => {
  const node = await hub.node("watched");
  const queue = newQueue();
  const { work, begun, open } = gate();
  await using _ = node.work({ queue }, work);
  const { task } = await node.tasks.submit({ queue, kind: "k" });
  (await begun).progress({ fraction: 7, message: "x".repeat(600) });
  const seen: TaskState[] = [];
  for await (const { state, attempt } of node.tasks.watch(task.id)) {
    seen.push(state);
    const { fraction, message } = attempt?.progress ?? {};
    if (fraction === 1 && message?.length === 500) open(undefined);
  }
  expect(seen.at(-1)).toBe(TaskState.COMPLETED);
});

test("a worker that drains finishes what it does and takes nothing new", async () => {
  const node = await hub.node("drained");
  const queue = newQueue();
  const { work, begun, open } = gate();
  const worker = node.work({ queue }, work);
  const first = await node.tasks.submit({ queue, kind: "first" });
  await begun;
  const drained = worker.drain();
  expect(worker.status()).toMatchObject({ connection: "draining", room: 0 });
  const second = await node.tasks.submit({ queue, kind: "second" });
  open("done");
  await drained;
  expect((await node.tasks.result(first.task.id)).json()).toBe("done");
  expect((await node.tasks.get(second.task.id)).state).toBe(TaskState.SUBMITTED);
  expect(worker.status().connection).toBe("closed");
});

test("what is not done when a worker closes is given back, and does not count", async () => {
  const node = await hub.node("closing");
  const queue = newQueue();
  const begun = Promise.withResolvers<void>();
  const worker = node.work({ queue }, async (job) => {
    begun.resolve();
    return await untilStopped(job);
  });
  const { task } = await node.tasks.submit({ queue, kind: "k" });
  await begun.promise;
  await worker.close();
  await using _ = node.work({ queue }, ({ attempt }) => attempt);
  expect((await node.tasks.result(task.id)).json()).toBe(1);
});

test("a hub that starts again finds the worker at what it did, and gives it more", async () => {
  const mortal = await testHub();
  const node = await mortal.node("survivor");
  const queue = newQueue();
  const { work, begun, open } = gate();
  await using worker = node.work({ queue, concurrency: 2 }, work);
  const first = await node.tasks.submit({ queue, kind: "first", timeouts: patiently });
  const { signal } = await begun;
  await mortal.restart();
  const second = await node.tasks.submit({ queue, kind: "second" });
  open("done");
  for (const { task } of [first, second]) {
    const done = await node.tasks.result(task.id);
    expect(done.json()).toBe("done");
    expect(done.task.attempt?.number).toBe(1);
  }
  expect(signal.aborted).toBe(false);
  expect(worker.status()).toMatchObject({ connection: "open", holds: [] });
});

test("a result that the cut connection lost is said again, and counts once", async () => {
  const folder = await hub.join("cut");
  const relay = await openRelay(await addressKept(folder));
  await lead(folder, relay.address);
  const node = await openNode(folder);
  onTestFinished(() => node.close());
  const other = await hub.node("other");
  const queue = newQueue();
  const { work, begun, open } = gate();
  await using worker = node.work({ queue }, work);
  const { task } = await other.tasks.submit({ queue, kind: "k", timeouts: patiently });
  const { signal } = await begun;
  relay.shut();
  open("at last");
  await expect.poll(() => worker.status().connection, patient).toBe("waiting");
  expect(worker.status().holds).toHaveLength(1);
  relay.open();
  expect((await other.tasks.result(task.id)).json()).toBe("at last");
  expect(signal.aborted).toBe(false);
  await expect.poll(() => worker.status(), patient).toMatchObject({ completed: 1, holds: [] });
});

test("who lost its lease is told by its own clock, and what it says later reaches nobody", async () => {
  const mortal = await testHub();
  const node = await mortal.node("lost");
  const queue = newQueue();
  const { work, begun, open } = gate();
  let calls = 0;
  await using worker = node.work({ queue }, (job) => (++calls === 1 ? work(job) : "again"));
  const timeouts = { heartbeat: durationFromMs(1_500) };
  const { task } = await node.tasks.submit({ queue, kind: "k", retry: soon, timeouts });
  const job = await begun;
  await mortal.kill();
  await expect(untilStopped(job)).rejects.toMatchObject({ because: "lost" });
  open("too late");
  await mortal.restart();
  expect((await node.tasks.result(task.id)).json()).toBe("again");
  await expect.poll(() => worker.status(), patient).toMatchObject({ holds: [], completed: 1 });
});

test("a worker goes over to its node's newer certificate, and does on what it did", async () => {
  const brief = await testHub(["--certificate-ms", "6000"]);
  let renewed = Promise.withResolvers<void>();
  const node = await brief.node("renewed", {
    notice: ({ kind }) => {
      if (kind !== "renewed") return;
      renewed.resolve();
      renewed = Promise.withResolvers();
    },
  });
  const queue = newQueue();
  await using worker = node.work({ queue, concurrency: 2 }, async (job) => {
    await renewed.promise;
    return job.attempt;
  });
  const wishes = Array.from({ length: 4 }, () => ({ queue, kind: "k" }));
  const submitted = await node.tasks.submitMany(wishes);
  for (const { taskId } of submitted) {
    expect((await node.tasks.result(taskId)).json()).toBe(1);
  }
  // The last of them ended with a renewal: the worker is just going over.
  const work = brief.session().as(WorkService);
  const workers = async () => (await work.listWorkers({ queue })).workers;
  await expect.poll(workers).toHaveLength(1);
  expect(worker.status().waiting).toBeUndefined();
});
