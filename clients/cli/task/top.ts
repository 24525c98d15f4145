import {
  QueueService,
  WatchQueuesResponseSchema,
  type Queue,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { CliContext } from "../context.ts";
import { following } from "../following.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import { jsonOf } from "../print.ts";
import { clockText } from "../words/clock.ts";
import { counted } from "../words/plural.ts";
import { tellQueues } from "./queues.ts";
import { ageText, rateText } from "./words.ts";

/** All queues, then a line for each that changed, through interruptions, until Ctrl-C. */
export async function watchQueues(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(QueueService);
  // A hub that is not there now is a failure; one that goes meanwhile is waited for.
  await client.listQueues({ page: { size: 1 } }, hub.call);
  let isFirst = true;
  const news = openNews();
  const items = following(context, hub, (signal) => {
    isFirst = true;
    return client.watchQueues({}, { signal });
  });
  for await (const item of items) {
    const { queues } = item;
    const changed = news(queues);
    if (print.output === "json") {
      if (queues.length > 0) print.json(jsonOf(WatchQueuesResponseSchema, item));
    } else if (isFirst) {
      if (queues.length > 0) await tellQueues(context, queues, hub.nowMs());
      const what = queues.length === 0 ? "No queue yet" : counted(queues.length, "queue");
      print.note(dim(`${what}. Waiting for changes; Ctrl-C ends.`));
    } else for (const queue of changed) print.line(...changeOf(queue, hub.nowMs()));
    isFirst = false;
  }
}

/**
 * Those of the queues that are news to a reader: the hub also tells of each that is only older or
 * faster than a second ago.
 */
export function openNews(): (queues: readonly Queue[]) => Queue[] {
  const known = new Map<string, string>();
  return (queues) =>
    queues.filter((queue) => {
      const text = readable(queue);
      const isNews = known.get(queue.name) !== text;
      known.set(queue.name, text);
      return isNews;
    });
}

/** What a line says of a queue, but for its age and its rates. */
function readable(queue: Queue): string {
  const { ready, scheduled, blocked, working, failed, workers, settings } = queue;
  const figures = [ready, scheduled, blocked, working, failed, workers];
  const { paused = false, pauseReason = "", rate } = settings ?? {};
  return [...figures, paused, pauseReason, rate?.perMinute ?? 0].join();
}

/** One queue as it is now, in a line. */
export function changeOf(queue: Queue, nowMs: number): Piece[] {
  const { name, ready, scheduled, blocked, working, failed, workers, settings } = queue;
  const { paused = false, pauseReason = "", rate } = settings ?? {};
  const age: Piece[] =
    ready === 0n ? [] : [", the oldest for ", ageText(queue.oldestReadyTime, nowMs)];
  const later = scheduled === 0n ? "" : `, ${scheduled} later`;
  const held = blocked === 0n ? "" : `, ${blocked} blocked`;
  const dead: Piece[] = failed === 0n ? [] : [", ", warn(counted(Number(failed), "dead letter"))];
  const why = pauseReason === "" ? "paused" : `paused: ${pauseReason}`;
  const most = rate === undefined || rate.perMinute === 0 ? "" : `, at most ${rate.perMinute}/min`;
  return [
    dim(`${clockText(nowMs)}  `),
    strong(name),
    ` ${ready} ready`,
    ...age,
    `${later}${held}, ${working} working, out ${rateText(queue.completedPerMinute)}, `,
    counted(workers, "worker"),
    ...dead,
    most,
    ...(paused ? [", ", warn(why)] : []),
  ];
}
