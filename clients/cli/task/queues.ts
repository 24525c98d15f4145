import { create } from "@bufbuild/protobuf";
import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  GetQueueResponseSchema,
  ListQueuesResponseSchema,
  ParentUse,
  QueueService,
  type Queue,
  type QueueSettings,
  type QueueShare,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { utcText } from "@foedus/kernel/time.ts";
import { attemptMs, depthMaxDefault, heartbeatMs } from "@foedus/kernel/task/limits.ts";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { bad, dim, good, strong, unknown, warn, type Piece } from "../paint.ts";
import { spanText } from "../words/span.ts";
import { parentUseText } from "./parent.ts";
import { ageText, lengthText, rateText } from "./words.ts";

/** Lists the queues and how they stand. */
export async function listQueues(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(QueueService);
  const queues = await allPages(
    (page) => client.listQueues({ page }, hub.call),
    (page) => page.queues,
  );
  const answer = create(ListQueuesResponseSchema, { queues });
  await print.answer(ListQueuesResponseSchema, answer, async () => {
    if (queues.length === 0) {
      print.line("There is no queue yet: a queue begins with its first task.");
      return print.line("Submit one: npx foedus task submit scans scan");
    }
    await tellQueues(context, queues, hub.nowMs());
  });
}

const head = "QUEUE READY OLDEST WORKING LATER BLOCKED DEAD IN OUT WORKERS STATE".split(" ");

/** Prints them as a table. */
export async function tellQueues(
  { print }: CliContext,
  queues: readonly Queue[],
  nowMs: number,
): Promise<void> {
  await print.table(
    head,
    queues.map((queue) => queueRow(queue, nowMs)),
  );
}

function queueRow(queue: Queue, nowMs: number): Piece[] {
  const { name, ready, scheduled, blocked, working, failed, workers } = queue;
  const lonely = workers === 0 && ready > 0n;
  return [
    strong(name),
    String(ready),
    ageText(queue.oldestReadyTime, nowMs),
    String(working),
    String(scheduled),
    String(blocked),
    failed === 0n ? "0" : bad(String(failed)),
    rateText(queue.submittedPerMinute),
    rateText(queue.completedPerMinute),
    lonely ? warn("none") : String(workers),
    stateOf(queue),
  ];
}

function stateOf({ settings, workers, ready }: Queue): Piece {
  if (settings?.paused) {
    return warn(settings.pauseReason === "" ? "paused" : `paused: ${settings.pauseReason}`);
  }
  if (workers === 0 && ready > 0n) return warn("waits for workers");
  const perMinute = settings?.rate?.perMinute ?? 0;
  return perMinute > 0 ? `at most ${perMinute}/min` : good("open");
}

type Pair = readonly [string, Piece];

/** One queue: how it stands, by priority and key, and how it is run. */
export async function showQueue(context: CliContext, queue: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(QueueService).getQueue({ queue }, hub.call);
  await print.answer(GetQueueResponseSchema, answer, async () => {
    if (answer.queue === undefined) return;
    await print.pairs([...figures(answer.queue, hub.nowMs()), ...rules(answer.queue.settings)]);
    await tellShares(context, "PRIORITY", answer.priorities, hub.nowMs());
    const keys = answer.keys.filter(({ name }) => name !== "" || answer.keys.length > 1);
    await tellShares(context, "KEY", keys, hub.nowMs());
    const wait = answer.queue.settings?.paused === true;
    if (wait) print.note(dim(`To let it go on: foedus task resume ${queue}`));
  });
}

function figures(queue: Queue, nowMs: number): Pair[] {
  const { name, ready, scheduled, blocked, working, failed, workers, room, waitMedian } = queue;
  const dead = failed === 0n ? "0" : bad(`${failed}: foedus task dead --queue ${name}`);
  const { oldestReadyTime: oldest } = queue;
  const since = oldest === undefined ? "" : ` (since ${utcText(timestampMs(oldest))})`;
  return [
    ["Queue", strong(name)],
    ["State", stateOf(queue)],
    ["Ready", String(ready)],
    ["Oldest ready", plus(ageText(oldest, nowMs), since)],
    ["Wait", waitMedian === undefined ? unknown : `${spanText(durationMs(waitMedian))} (median)`],
    ["Working", String(working)],
    ["Scheduled", String(scheduled)],
    ["Blocked", String(blocked)],
    ["Dead letters", dead],
    ["Submitted", rateText(queue.submittedPerMinute)],
    ["Completed", rateText(queue.completedPerMinute)],
    ["Workers", `${workers}, with room for ${room}`],
  ];
}

function plus(piece: Piece, more: string): Piece {
  return typeof piece === "string" ? `${piece}${more}` : piece;
}

function rules(settings: QueueSettings | undefined): Pair[] {
  const { rate, weights = {}, timeouts, retry, depthMax = 0 } = settings ?? {};
  const perMinute = rate?.perMinute ?? 0;
  const burst = rate?.burst ? `, ${rate.burst} at once after a pause` : "";
  const said = Object.entries(weights).map(([key, weight]) => `${key}=${weight}`);
  const use = settings?.parent ?? ParentUse.UNSPECIFIED;
  const limit = depthMax === 0 ? `${depthMaxDefault} (usual)` : String(depthMax);
  return [
    ["Rate", perMinute === 0 ? dim("no limit") : `${perMinute} a minute${burst}`],
    ["Weights", said.length === 0 ? dim("all keys alike") : said.join(", ")],
    ["An attempt", lengthText(timeouts?.startToClose, `${spanText(attemptMs)} (usual)`)],
    ["Sign of life", lengthText(timeouts?.heartbeat, `${spanText(heartbeatMs)} (usual)`)],
    ["Attempts", retry?.maximumAttempts ? String(retry.maximumAttempts) : dim("5 (usual)")],
    ["Takes at most", depthMax === 0 ? dim(limit) : limit],
    ...(use === ParentUse.UNSPECIFIED ? [] : [["Parent", parentUseText(use)] as const]),
  ];
}

async function tellShares(
  { print }: CliContext,
  name: string,
  shares: readonly QueueShare[],
  nowMs: number,
): Promise<void> {
  if (shares.length === 0) return;
  print.line();
  await print.table(
    [name, "READY", "WEIGHT", "OLDEST"],
    shares.map((share): Piece[] => [
      share.name === "" ? dim("none") : strong(share.name),
      String(share.ready),
      String(share.weight),
      ageText(share.oldestReadyTime, nowMs),
    ]),
  );
}
