// Submitters and workers that go on whatever dies, each saying again what was not answered.
import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { errorOf } from "../../clients/sdk/error.wire.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import type { TaskBook } from "./task.book.ts";

/** Somebody who goes on until they are stopped. */
export interface Party {
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** What a party is made of. */
export interface Part {
  readonly node: FoedusNode;
  readonly book: TaskBook;
  readonly queue: string;
  readonly seed: number;
}

const { sleep } = realWorld.timers;
/** Between two tries, and two batches. */
const pauseMs = 20;
/** A try whose answer is lost ends with its connection; this is for one that ends in no way. */
const tryMsMax = 15_000;
/** Tasks of one submitter that wait for their results, at most. */
const openMax = 120;

type Spec = MessageInitShape<typeof TaskSpecSchema>;

/** Tasks whose holds lapse soon, and that are tried again until they are done. */
export const soon = {
  timeouts: { heartbeat: durationFromMs(1_500) },
  retry: {
    maximumAttempts: 1_000,
    initialInterval: durationFromMs(50),
    maximumInterval: durationFromMs(200),
  },
};

/** Nobody can do it, and it is not needed for long. */
const shortly = { timeouts: { scheduleToStart: durationFromMs(400) } };

/** Tasks of every sort that a queue knows: each batch is stored whole or not at all. */
function batchOf(queue: string, at: number, hubMs: number): Spec[] {
  const one = { queue, kind: "plain", ...soon };
  return [
    one,
    { ...one, startTime: timestampFromMs(hubMs + 300) },
    { ...one, uniqueKey: `unique-${at % 5}` },
    { ...one, dependsOn: ["#0", "#1"] },
    { ...one, kind: "fails-first", priority: 1 + (at % 10) },
    { ...one, kind: "has-child", fairnessKey: `key-${at % 3}` },
    { ...one, needs: { capabilities: ["nobody's"] }, ...shortly },
    { ...one, kind: "called-off", startTime: timestampFromMs(hubMs + 200) },
  ];
}

/** Submits until it is stopped; what was not answered is asked again by the same id. */
export function startSubmitter({ node, book, queue }: Part): Party {
  const tasks = node.client(TaskService);
  const own = new Set<string>();
  const open = () => {
    for (const id of own) if (book.results.has(id)) own.delete(id);
    return own.size;
  };
  return party(book, async (isOver) => {
    for (let at = 0; !isOver(); at++) {
      const [requestId, specs] = [randomUUID(), batchOf(queue, at, node.hubNow())];
      const answer = await again(book, (signal) => {
        return tasks.submitTasks({ requestId, specs }, { signal });
      });
      const ids = answer?.submitted.map(({ taskId }) => taskId) ?? [];
      for (const id of ids) book.submitted(id);
      for (const id of ids.slice(0, -2)) own.add(id);
      const cancel = { requestId: randomUUID(), taskId: ids.at(-1) ?? "", reason: "not needed" };
      await again(book, (signal) => tasks.cancelTask(cancel, { signal }), endedAlready);
      do await sleep(pauseMs);
      while (!isOver() && open() > openMax);
    }
  });
}

/** Calling off what has ended is no failure. */
const endedAlready = [Reason.TASK_ENDED];

/** Asks until there is an answer; undefined where it is refused for one of these reasons. */
export async function again<T>(
  book: TaskBook,
  ask: (signal: AbortSignal) => Promise<T>,
  refusals: readonly Reason[] = [],
): Promise<T | undefined> {
  for (;;) {
    try {
      return await ask(AbortSignal.timeout(tryMsMax));
    } catch (thrown) {
      if (refusals.includes(errorOf(thrown).reason)) return undefined;
      await passed(book, thrown);
    }
  }
}

/** Waits a moment after a failure that passes; throws what does not. */
export async function passed(book: TaskBook, thrown: unknown): Promise<void> {
  const error = errorOf(thrown);
  book.failed(Reason[error.reason] ?? "unknown");
  if (!passing.has(error.reason)) throw error;
  await sleep(pauseMs);
}

/** What a hub says, or nobody says, while something is down. */
const passing = new Set([
  Reason.HUB_UNREACHABLE,
  Reason.DRAINING,
  Reason.DATABASE_UNREACHABLE,
  Reason.DEADLINE_EXCEEDED,
]);

/** Runs until it is stopped, or something is wrong, which is a problem. */
export function party(book: TaskBook, run: (isOver: () => boolean) => Promise<void>): Party {
  let over = false;
  const done = run(() => over).catch((error: unknown) => {
    book.problems.push(error instanceof Error ? error.message : String(error));
  });
  return {
    async stop() {
      over = true;
      await done;
    },
  };
}
