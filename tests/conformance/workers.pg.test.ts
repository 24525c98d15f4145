// Workers and submitters of clients/python and clients/go, on a real hub.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { TaskSpecSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../support/federated.ts";
import type { SpecInit } from "../support/tasks.ts";
import { peerLanguages, startPeer, type Peer, type PeerLanguage } from "./peers/peer.ts";

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
  const peer = await startPeer(language, hub, `${queue}-worker`, "worker");
  peer.ask({ do: "work", queue, ...options });
  return { queue, peer };
}

const told = (peer: Peer, did: string, task: string) =>
  peer.until((said) => said.did === did && said.task === task);

/** What each client is held to. */
const facts: Record<string, (language: PeerLanguage, hub: TestHub) => Promise<void>> = {
  async "does what its own submitter wants, several at once"(language, hub) {
    const { queue, peer } = await workerAt(language, hub, { concurrency: 4 });
    const payloads = Array.from({ length: 40 }, (_, at) => ({ at }));
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
      .toMatchObject({ completed: 40n, failed: 0n, holds: [] });
    await peer.stop();
  },
};

describe.each(peerLanguages)("$name", (language) => {
  const here = language.isAtHand();
  let hub: TestHub;

  beforeAll(async () => {
    if (!here) return;
    language.command("worker");
    hub = await startTestHub();
  }, firstMs);
  afterAll(() => hub?.stop());

  test.runIf(here).each(Object.entries(facts))("%s", (_, fact) => fact(language, hub), eachMs);
});
