import { timestampMs } from "@bufbuild/protobuf/wkt";
import { QueueService, type Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { counted } from "../words/plural.ts";
import { spanText } from "../words/span.ts";
import type { Told } from "./exam.ts";

/** Tasks that nobody has come for in so long are a doubt. */
const unservedMs = 5 * 60_000;

/** All queues of the hub. */
export function queuesOf(hub: HubClient): Promise<Queue[]> {
  const client = hub.as(QueueService);
  return allPages(
    (page) => client.listQueues({ page }, hub.call),
    (page) => page.queues,
  );
}

/** What waits, and where nobody works. */
export function tellQueues(queues: readonly Queue[], nowMs: number): Told {
  if (queues.length === 0) return { detail: "none yet" };
  const sum = (of: (queue: Queue) => bigint) =>
    Number(queues.reduce((total, queue) => total + of(queue), 0n));
  const [ready, working, failed] = [
    sum(({ ready }) => ready),
    sum(({ working }) => working),
    sum(({ failed }) => failed),
  ];
  const words = [
    counted(queues.length, "queue"),
    ...(ready === 0 ? [] : [`${ready} ready`]),
    ...(working === 0 ? [] : [`${working} at work`]),
    ...(failed === 0 ? [] : [counted(failed, "dead letter")]),
  ];
  const detail = words.join(", ");
  const lonely = queues.flatMap((queue) => {
    const sinceMs = unservedSince(queue);
    const isLong = sinceMs !== undefined && nowMs - sinceMs >= unservedMs;
    return isLong ? [{ name: queue.name, sinceMs }] : [];
  });
  const [longest] = lonely.toSorted((one, other) => one.sinceMs - other.sinceMs);
  if (longest === undefined) return { detail };
  const { name, sinceMs } = longest;
  const why = `tasks of ${name} have waited for ${spanText(nowMs - sinceMs)}, and it has no worker`;
  const line = `foedus task workers --queue ${name}`;
  return { detail, doubt: { why, line } };
}

function unservedSince({ ready, workers, settings, oldestReadyTime }: Queue): number | undefined {
  const isServed = ready === 0n || workers > 0 || settings?.paused === true;
  return isServed || oldestReadyTime === undefined ? undefined : timestampMs(oldestReadyTime);
}
