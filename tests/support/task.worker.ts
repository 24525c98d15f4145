// A node of its own that works on a queue of a hub in another process, over the real wire.
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { TaskFailed } from "../../clients/sdk/task/failed.ts";
import type { Job } from "../../clients/sdk/task/work.ts";
import type { TestWorker, TestWorkerOptions } from "./task.worker.shape.ts";

const heldMax = 1_000;

interface Held {
  readonly job: Job;
  readonly end: PromiseWithResolvers<unknown>;
}

/** Joins, and takes tasks; each goes on until the test ends it. */
export async function startTestWorker(options: TestWorkerOptions): Promise<TestWorker> {
  const { invitation, token, folder, name, queue, capabilities = [], concurrency = 1 } = options;
  await joinHub({ invitation, token, folder });
  const node = await openNode(folder);
  await node.register({ title: name });
  const held = new Map<string, Held>();
  const arrived = new BoundedQueue<string>(heldMax);
  const coming = arrived[Symbol.asyncIterator]();
  const worker = node.work({ queue, name, capabilities, concurrency }, async (job) => {
    const end = Promise.withResolvers<unknown>();
    job.signal.addEventListener("abort", () => end.reject(job.signal.reason), { once: true });
    held.set(job.task.id, { job, end });
    arrived.offer(job.task.id);
    return await end.promise;
  });
  await worker.ready();
  const of = (taskId: string) => {
    const one = held.get(taskId);
    if (one === undefined) throw new Error(`${name} does not hold ${taskId}`);
    return one;
  };
  return {
    nodeId: node.nodeId,
    async next() {
      const { done, value } = await coming.next();
      if (done === true) throw new Error(`${name} takes no more tasks`);
      return value;
    },
    progress: (taskId, fraction, message) => of(taskId).job.progress({ fraction, message }),
    finish: (taskId, result) => of(taskId).end.resolve(result),
    fail: (taskId, { reason, message, isFinal }) =>
      of(taskId).end.reject(new TaskFailed(reason, message, { isFinal })),
    async stop() {
      await worker.close();
      await node.close();
    },
  };
}
