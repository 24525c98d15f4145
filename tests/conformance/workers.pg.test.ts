// Workers and submitters of clients/python and clients/go, on a real hub.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSpecSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { redactedText } from "@foedus/kernel/sanitise.text.ts";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries, canaryShapes } from "../support/canaries.ts";
import { startTestHub, testHub, type TestHub } from "../support/federated.ts";
import type { SpecInit } from "../support/tasks.ts";
import { peerLanguages, runPeer, startPeer, type Peer, type PeerLanguage } from "./peers/peer.ts";

/** The first time packages are fetched and compiled. */
const firstMs = 300_000;
const eachMs = 300_000;

let made = 0;
const newName = () => `q${++made}`;

/** Someone who wants tasks done. */
function ownerOf(hub: TestHub) {
  const tasks = () => hub.session().as(TaskService);
  const get = async (taskId: string): Promise<Task> => {
    const { task } = await tasks().getTask({ taskId });
    if (task === undefined) throw new Error("found, and no task");
    return task;
  };
  return {
    get,
    async submit(spec: SpecInit): Promise<string> {
      const request = { requestId: randomUUID(), spec: create(TaskSpecSchema, spec) };
      return (await tasks().submitTask(request)).task?.id ?? "";
    },
    cancel: (taskId: string) =>
      tasks().cancelTask({ requestId: randomUUID(), taskId, reason: "no more" }),
    until: (taskId: string, state: TaskState) =>
      expect.poll(async () => (await get(taskId)).state).toBe(state),
    async workers(queue: string) {
      return (await hub.session().as(WorkService).listWorkers({ queue })).workers;
    },
  };
}

/** A worker of its own node at a queue of its own. */
async function workerAt(language: PeerLanguage, hub: TestHub, options: object = {}) {
  const queue = newName();
  const peer = await startPeer(language, hub, `${queue}-worker`, "taskpeer");
  peer.ask({ do: "work", queue, ...options });
  return { queue, peer };
}

const told = (peer: Peer, did: string, task: string) =>
  peer.until((said) => said.did === did && said.task === task);

/** More than a node may open streams in a minute. */
const taskCount = 200;

/** What each client is held to. */
const facts: Record<string, (language: PeerLanguage, hub: TestHub) => Promise<void>> = {
  async "does what its own submitter wants, several at once"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 4 });
    const payloads = Array.from({ length: taskCount }, (_, at) => ({ at }));
    peer.ask({ do: "submit", queue, kind: "echo", payloads });
    const { ids } = await peer.until(({ did }) => did === "submitted");
    for (const task of ids as string[]) peer.ask({ do: "result", task });
    for (const [at, task] of (ids as string[]).entries()) {
      expect(await told(peer, "result", task)).toMatchObject({ value: { at } });
    }
    const done = peer.said.filter(({ did }) => did === "done");
    expect(new Set(done.map(({ task }) => task)).size).toBe(payloads.length);
    await expect
      .poll(async () => (await ownerOf(hub).workers(queue))[0])
      .toMatchObject({ completed: BigInt(taskCount), failed: 0n, holds: [] });
    await peer.stop();
  },

  async "fails by names, is tried again, and goes to the dead letters"(language, hub) {
    const { queue, peer } = await workerAt(language, hub);
    const owner = ownerOf(hub);
    const resultOf = async (kind: string, attempts = 1) => {
      const retry = { maximumAttempts: attempts, initialInterval: durationFromMs(1) };
      const task = await owner.submit({ queue, kind, retry });
      peer.ask({ do: "result", task });
      return await told(peer, "result", task);
    };
    expect(await resultOf("fail-once", 2)).toMatchObject({ value: { attempt: 2 } });
    expect(await resultOf("final", 5)).toMatchObject({
      reason: "BROKEN",
      message: "beyond repair",
    });
    const odd = await resultOf("odd", 5);
    expect(odd.message).toBe("5");
    expect(await owner.get(String(odd.task))).toMatchObject({ attempt: { number: 1 } });
    expect(await resultOf("too-large", 5)).toMatchObject({ reason: "RESULT_TOO_LARGE" });
    expect(await resultOf("quit")).toMatchObject({ reason: "UNCAUGHT" });
    peer.ask({ do: "submit", queue, kind: "raise", payloads: [1], attempts: 1 });
    const { ids } = await peer.until(({ did }) => did === "submitted");
    const [raised = ""] = ids as string[];
    peer.ask({ do: "result", task: raised });
    const uncaught = await told(peer, "result", raised);
    expect(uncaught).toMatchObject({ reason: "UNCAUGHT" });
    expect(uncaught.message).toContain("a bug");
    peer.ask({ do: "retry", task: raised });
    const { state } = await peer.until(({ did }) => did === "retry");
    expect(state).toBe(TaskState.SUBMITTED);
    await owner.until(raised, TaskState.FAILED);
    const child = await resultOf("parent");
    const { spec } = await owner.get((child.value as { child: string }).child);
    expect(spec?.parentId).toBe(child.task);
    await peer.stop();
  },

  async "ends when no hub would take such a worker, and says why"(language, hub) {
    const { peer } = await workerAt(language, hub, { name: "n".repeat(65) });
    const refused = { reason: "INVALID_REQUEST", field: "worker.name" };
    expect(await peer.until(({ did }) => did === "ended")).toMatchObject(refused);
    await peer.stop();
  },

  async "says many results together, each as large as it may be"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 12 });
    const payloads = Array.from({ length: 24 }, (_, at) => at);
    peer.ask({ do: "submit", queue, kind: "largest", payloads });
    const { ids } = await peer.until(({ did }) => did === "submitted");
    for (const task of ids as string[]) await told(peer, "done", task);
    const { result, attempt } = await ownerOf(hub).get((ids as string[])[0] ?? "");
    expect([result?.body.length, attempt?.number]).toEqual([262_144, 1]);
    await peer.stop();
  },

  async "tells no secret of a failure, and tells it as the SDK would"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 8 });
    const owner = ownerOf(hub);
    const failureOf = async (kind: string, text: string) => {
      const body = new TextEncoder().encode(JSON.stringify(text));
      const retry = { maximumAttempts: 1 };
      const task = await owner.submit({ queue, kind, payload: { body }, retry });
      await told(peer, "failed", task);
      return (await owner.get(task)).attempt?.failure;
    };
    const plain = "no mailbox ada@example.org of lodash@4.17.21";
    expect(await failureOf("complain-by-name", plain)).toMatchObject({
      reason: "COMPLAINT",
      message: "no mailbox [email] of lodash@4.17.21",
    });
    const texts = canaryShapes.map((shape) => canaries(shape, 4).map(({ text }) => text));
    const named = language.name === "Python" ? "RuntimeError: " : "";
    for (const text of texts.map((some) => some.join("; "))) {
      const message = redactedText(named + text);
      expect(message).not.toContain(text);
      expect(await failureOf("complain", text)).toMatchObject({ reason: "UNCAUGHT", message });
    }
    await peer.stop();
  },

  async "gives up a handler that does not heed that its task was called off"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { patience: { heed: 0.1 } });
    const owner = ownerOf(hub);
    const task = await owner.submit({ queue, kind: "stubborn", ...patiently });
    await told(peer, "took", task);
    await owner.cancel(task);
    await told(peer, "stopped", task);
    const { state, attempt } = await owner.get(task);
    expect([state, attempt?.failure?.reason]).toEqual([TaskState.CANCELED, "STOPPED"]);
    // Its hand is not free before it comes back.
    const next = await owner.submit({ queue, kind: "echo" });
    await expect.poll(async () => (await owner.workers(queue))[0]?.draining).toBe(true);
    peer.ask({ do: "release" });
    await told(peer, "done", next);
    await peer.stop();
  },

  async "leaves a hub that does not answer, and goes on once it does"(language) {
    const silent = await testHub();
    const { queue, peer } = await workerAt(language, silent, { patience: { answer: 1 } });
    const owner = ownerOf(silent);
    const timeouts = { heartbeat: durationFromMs(6_000) };
    const task = await owner.submit({ queue, kind: "wait", timeouts });
    await told(peer, "took", task);
    const isConnected = async () => {
      const before = peer.said.length;
      peer.ask({ do: "status" });
      const fresh = () => peer.said.slice(before).find(({ did }) => did === "status");
      await peer.until(() => fresh() !== undefined);
      return fresh()?.connected;
    };
    silent.signal("SIGSTOP");
    // Connections without a sign of life break by themselves, but after 30 s at the earliest.
    await expect.poll(isConnected, { timeout: 20_000 }).toBe(false);
    silent.signal("SIGCONT");
    await expect.poll(isConnected).toBe(true);
    peer.ask({ do: "release" });
    await owner.until(task, TaskState.COMPLETED);
    await peer.stop();
  },

  async "keeps the place of a handler that does not stop when its time is over"(language, hub) {
    const { queue, peer } = await workerAt(language, hub);
    const owner = ownerOf(hub);
    const timeouts = { startToClose: durationFromMs(500) };
    const late = await owner.submit({
      queue,
      kind: "stubborn",
      timeouts,
      retry: { maximumAttempts: 1 },
    });
    peer.ask({ do: "result", task: late });
    expect(await told(peer, "result", late)).toMatchObject({ reason: "TASK_TIMED_OUT" });
    const next = await owner.submit({ queue, kind: "echo" });
    const isFull = async () => (await owner.workers(queue))[0]?.draining;
    await expect.poll(isFull).toBe(true);
    expect((await owner.get(next)).state).toBe(TaskState.SUBMITTED);
    peer.ask({ do: "release" });
    await told(peer, "done", next);
    await expect.poll(isFull).toBe(false);
    await peer.stop();
  },

  async "says how far it is and what it has cost, and hears that a task was called off"(
    language,
    hub,
  ) {
    const { queue, peer } = await workerAt(language, hub);
    const owner = ownerOf(hub);
    const budget = { unit: "token", limit: 100n };
    const task = await owner.submit({ queue, kind: "wait", budget });
    const progressOf = async () => (await owner.get(task)).attempt?.progress;
    await expect.poll(progressOf).toMatchObject({ fraction: 0.5, message: "half way", spent: 3n });
    peer.ask({ do: "result", task });
    await owner.cancel(task);
    const heard = await told(peer, "told", task);
    expect(heard).toMatchObject({ cause: "canceled", reason: "no more" });
    const { reason } = await told(peer, "result", task);
    expect(reason).toBe("CANCELED");
    await told(peer, "stopped", task);
    const { spec } = await owner.get(task);
    expect(spec?.budget?.spent).toBe(3n);
    peer.ask({ do: "submit", queue: "nobody", kind: "wait", payloads: [1] });
    const { ids } = await peer.until(({ did }) => did === "submitted");
    const [own = ""] = ids as string[];
    peer.ask({ do: "cancel", task: own });
    expect(await peer.until(({ did }) => did === "cancel")).toMatchObject({
      state: TaskState.CANCELED,
    });
    await peer.stop();
  },

  async "goes on with what it holds after the hub was drained, and killed"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 2 });
    const owner = ownerOf(hub);
    const held = await owner.submit({ queue, kind: "wait", ...patiently });
    const other = await owner.submit({ queue, kind: "stubborn", ...patiently });
    await told(peer, "took", held);
    await told(peer, "took", other);
    const next = await owner.submit({ queue, kind: "echo", ...patiently });
    await hub.drain();
    await hub.restart();
    const holds = async () => (await owner.workers(queue))[0]?.holds.length;
    await expect.poll(holds).toBe(2);
    // Its hands are full, whatever the hub that began anew knew at first.
    expect(peer.said.filter(({ did }) => did === "took")).toHaveLength(2);
    await hub.kill();
    peer.ask({ do: "release" });
    await hub.restart();
    for (const task of [held, other, next]) {
      await told(peer, "done", task);
      const { state, attempt } = await owner.get(task);
      expect([state, attempt?.number]).toEqual([TaskState.COMPLETED, 1]);
    }
    peer.ask({ do: "status" });
    const status = await peer.until(({ did }) => did === "status");
    expect(status).toMatchObject({ completed: 3, lost: 0 });
    await peer.stop();
  },

  async "is killed, and another one takes over what it held"(language, hub) {
    const { queue, peer } = await workerAt(language, hub);
    const owner = ownerOf(hub);
    const task = await owner.submit({ queue, kind: "wait", ...shortly });
    await told(peer, "took", task);
    const other = await startPeer(language, hub, `${queue}-other`, "taskpeer");
    other.ask({ do: "release" });
    other.ask({ do: "work", queue });
    peer.child.kill("SIGKILL");
    await told(other, "done", task);
    expect((await owner.get(task)).attempt?.number).toBeGreaterThan(1);
    await other.stop();
  },

  async "stops what it lost while it slept, and says nothing of it any more"(language, hub) {
    const { queue, peer } = await workerAt(language, hub);
    const owner = ownerOf(hub);
    const task = await owner.submit({ queue, kind: "wait", ...shortly });
    const { fence } = await told(peer, "took", task);
    peer.child.kill("SIGSTOP");
    const other = await startPeer(language, hub, `${queue}-other`, "taskpeer");
    other.ask({ do: "work", queue });
    await told(other, "took", task);
    peer.child.kill("SIGCONT");
    expect(await told(peer, "told", task)).toMatchObject({ cause: "lost" });
    expect(await told(peer, "lost", task)).toMatchObject({ fence });
    peer.ask({ do: "release" });
    other.ask({ do: "release" });
    await owner.until(task, TaskState.COMPLETED);
    expect(Number((await owner.get(task)).attempt?.fence)).toBeGreaterThan(Number(fence));
    const own = peer.said.filter((said) => said.task === task && said.fence === fence);
    expect(own.map(({ did }) => did)).toEqual(["took", "lost"]);
    await other.stop();
    await peer.stop();
  },

  async "drains: finishes what it can, and gives back the rest"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 3 });
    const owner = ownerOf(hub);
    const willing = await owner.submit({ queue, kind: "wait" });
    const stubborn = await owner.submit({ queue, kind: "stubborn" });
    await told(peer, "took", willing);
    await told(peer, "took", stubborn);
    peer.ask({ do: "drain", seconds: 0.05 });
    expect(await told(peer, "told", willing)).toMatchObject({ cause: "draining" });
    const { whole } = await peer.until(({ did }) => did === "drained");
    expect(whole).toBe(false);
    const other = await startPeer(language, hub, `${queue}-other`, "taskpeer");
    other.ask({ do: "release" });
    other.ask({ do: "work", queue });
    for (const task of [willing, stubborn]) {
      await told(other, "done", task);
      expect((await owner.get(task)).attempt?.number).toBe(1);
    }
    await other.stop();
    await peer.stop();
  },

  async "the example counts words, says so, and leaves when it is asked to"(language, hub) {
    const queue = newName();
    const folder = await hub.join(`${queue}-example`);
    const worker = runPeer(language, [folder, queue, "--name", "counts"], "example");
    const owner = ownerOf(hub);
    const body = new TextEncoder().encode(JSON.stringify({ text: "to be or not", ms: 1 }));
    const task = await owner.submit({ queue, kind: "count-words", payload: { body } });
    await told(worker, "done", task);
    const { result } = await owner.get(task);
    expect(JSON.parse(new TextDecoder().decode(result?.body))).toEqual({ words: 4 });
    const { worker: name, fence } = await told(worker, "took", task);
    expect([name, fence]).toEqual(["counts", 1]);
    worker.child.kill("SIGTERM");
    await worker.stop();
    expect(worker.child.exitCode).toBe(0);
  },

  async "renews its certificate under its stream, and keeps what it holds"(language) {
    const brief = await testHub(["--certificate-ms", "3000"]);
    const { queue, peer } = await workerAt(language, brief);
    const owner = ownerOf(brief);
    const task = await owner.submit({ queue, kind: "wait", ...patiently });
    await told(peer, "took", task);
    const folder = brief.folder(`${queue}-worker`);
    const certificate = () => readFileSync(join(folder, "chain.pem"), "utf8");
    const seen = new Set([certificate()]);
    // Until it has the third one: the second was renewed as well.
    await expect.poll(() => seen.add(certificate()).size).toBeGreaterThan(2);
    const holdsNow = async () => (await owner.workers(queue))[0]?.holds;
    await expect.poll(holdsNow).toMatchObject([{ taskId: task }]);
    peer.ask({ do: "release" });
    await told(peer, "done", task);
    expect((await owner.get(task)).attempt?.number).toBe(1);
    await peer.stop();
  },
};

/** A hold that outlives all that a test does to the hub. */
const patiently = { timeouts: { heartbeat: durationFromMs(eachMs) } };

/** A hold that lapses soon. */
const shortly = {
  timeouts: { heartbeat: durationFromMs(1_000) },
  retry: { initialInterval: durationFromMs(1) },
};

describe.each(peerLanguages)("$name", (language) => {
  const here = language.isAtHand();
  let hub: TestHub;

  beforeAll(async () => {
    if (!here) return;
    language.command("taskpeer");
    hub = await startTestHub();
  }, firstMs);
  afterAll(() => hub?.stop());

  test.runIf(here).each(Object.entries(facts))("%s", (_, fact) => fact(language, hub), eachMs);
});
