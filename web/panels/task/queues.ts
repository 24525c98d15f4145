import type { Queue, WatchQueuesResponse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { type Flow, flowWith, stretchOf } from "./flow.ts";

/** A queue as it was told last. */
export interface QueueRow {
  readonly name: string;
  readonly queue: Queue;
  readonly flow: Flow;
}

/** The queues as the hub told them so far. */
export interface Queues {
  readonly rows: ReadonlyMap<string, QueueRow>;
  /** Whether all of them were told once. */
  readonly complete: boolean;
}

/** Nothing heard yet. */
export const noQueues: Queues = { rows: new Map(), complete: false };

/** One message of the stream, and when it came. */
export interface Heard {
  readonly response: WatchQueuesResponse;
  /** Whether it is the first since the stream was opened: then it has all of them. */
  readonly first: boolean;
  readonly nowMs: number;
}

/** Takes one message; a queue that a whole list leaves out is gone. */
export function queuesWith(queues: Queues, { response, first, nowMs }: Heard): Queues {
  const told = response.queues.map((queue): [string, QueueRow] => [
    queue.name,
    { name: queue.name, queue, flow: flowOf(queues.rows.get(queue.name), queue, nowMs) },
  ]);
  if (first) return { rows: new Map(told), complete: true };
  // The hub says now and then that nothing happened: then nothing is drawn either.
  return told.length === 0 ? queues : { ...queues, rows: new Map([...queues.rows, ...told]) };
}

function flowOf(before: QueueRow | undefined, queue: Queue, nowMs: number): Flow {
  return flowWith(before?.flow, stretchOf(nowMs), {
    submitted: queue.submittedPerMinute,
    completed: queue.completedPerMinute,
  });
}
