import {
  QueueService,
  WatchQueuesResponseSchema,
  type Queue,
  type WatchQueuesResponse,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { resumed } from "@foedus/sdk/wire/resumed.ts";
import type { CliContext } from "../context.ts";
import { interruptions } from "../interruptions.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import { jsonOf, type Print } from "../print.ts";
import { clockText } from "../words/clock.ts";
import { counted } from "../words/plural.ts";
import { tellQueues } from "./queues.ts";
import { ageText, rateText } from "./words.ts";

/** Longer than the hub is ever silent. */
const silenceMs = 60_000;

/** All queues, then a line for each that changed, through interruptions, until Ctrl-C. */
export async function watchQueues(context: CliContext): Promise<void> {
  const { print, signal, world } = context;
  const hub = await context.hub();
  const client = hub.as(QueueService);
  // A hub that is not there now is a failure; one that goes meanwhile is waited for.
  await client.listQueues({ page: { size: 1 } }, hub.call);
  const told = interruptions(context, hub);
  let isFirst = true;
  const items = resumed<WatchQueuesResponse>({
    world,
    signal,
    silenceMs,
    farewellMs: () => undefined,
    interrupted: told.lost,
    open: (opened) => {
      isFirst = true;
      return client.watchQueues({}, { signal: opened });
    },
  });
  for await (const item of items) {
    told.back();
    if (print.output === "json") {
      if (item.queues.length > 0) print.json(jsonOf(WatchQueuesResponseSchema, item));
    } else if (isFirst) {
      if (item.queues.length > 0) await tellQueues(context, item.queues, hub.nowMs());
      const what = item.queues.length === 0 ? "No queue yet" : counted(item.queues.length, "queue");
      print.note(dim(`${what}. Waiting for changes; Ctrl-C ends.`));
    } else tellChanges(print, item.queues, hub.nowMs());
    isFirst = false;
  }
}

function tellChanges(print: Print, queues: readonly Queue[], nowMs: number): void {
  for (const queue of queues) print.line(...changeOf(queue, nowMs));
}

function changeOf(queue: Queue, nowMs: number): Piece[] {
  const { name, ready, working, failed, workers, settings, oldestReadyTime } = queue;
  const age: Piece[] = ready === 0n ? [] : [", the oldest since ", ageText(oldestReadyTime, nowMs)];
  const dead: Piece[] = failed === 0n ? [] : [", ", warn(counted(Number(failed), "dead letter"))];
  const paused: Piece[] = settings?.paused ? [", ", warn("paused")] : [];
  return [
    dim(`${clockText(nowMs)}  `),
    strong(name),
    ` ${ready} ready`,
    ...age,
    `, ${working} working, out ${rateText(queue.completedPerMinute)}, `,
    counted(workers, "worker"),
    ...dead,
    ...paused,
  ];
}
