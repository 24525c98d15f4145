import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  QueueService,
  SetQueueResponseSchema,
  type Queue,
  type QueueSettings,
  type QueueSettingsSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { RetryPolicySchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { strong, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { spanText } from "../words/span.ts";
import type { Weights } from "./read.ts";
import { inOptions } from "./refused.ts";

type Wanted = Exclude<MessageInitShape<typeof QueueSettingsSchema>, QueueSettings>;

/** Sets what is named of how a queue is run, by the command of that word, and says so. */
export async function setQueue(
  context: CliContext,
  { word, queue }: { readonly word: string; readonly queue: string },
  settings: Wanted,
  tell: (queue: Queue) => Piece[],
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const fields = Object.keys(settings).map(snake);
  const request = { requestId: context.newRequestId(), queue, settings, fields };
  const set = () => hub.as(QueueService).setQueue(request, hub.call);
  const answer = await inOptions(`foedus task ${word}`, set);
  await print.answer(SetQueueResponseSchema, answer, () => {
    if (answer.queue !== undefined) print.line(strong(queue), ...tell(answer.queue));
  });
}

/** "pauseReason" is pause_reason on the wire. */
function snake(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}

/** Lets nothing more be claimed from a queue. */
export async function pauseQueue(
  context: CliContext,
  queue: string,
  { reason = "" }: { readonly reason?: string },
): Promise<void> {
  await setQueue(
    context,
    { word: "pause", queue },
    { paused: true, pauseReason: reason },
    ({ working }) => {
      const held =
        working === 0n ? "" : `; ${counted(Number(working), "task")} that are held go on`;
      return [` is paused: nothing is claimed from it, submitting goes on${held}.`];
    },
  );
}

/** Lets a queue go on. */
export async function resumeQueue(context: CliContext, queue: string): Promise<void> {
  await setQueue(
    context,
    { word: "resume", queue },
    { paused: false, pauseReason: "" },
    ({ ready, workers }) => {
      const who = workers === 0 ? ", and no worker is there" : "";
      return [` goes on: ${counted(Number(ready), "task")} ready${who}.`];
    },
  );
}

/** Says how fast a queue may be worked off; 0 is no limit. */
export async function setRate(
  context: CliContext,
  queue: string,
  perMinute: number,
  { burst = 0 }: { readonly burst?: number },
): Promise<void> {
  if (perMinute === 0 && burst > 0) throw invalid("--burst needs a rate, e.g. 60/min", "rate");
  await setQueue(context, { word: "rate", queue }, { rate: { perMinute, burst } }, () => {
    if (perMinute === 0) return [" is worked off without a limit."];
    const once = burst > 0 ? `, and ${burst} at once after a pause` : "";
    return [` is worked off at ${perMinute} a minute at most, over all workers${once}.`];
  });
}

/** Says what fairness keys weigh; those that are not named stay. */
export async function setWeights(
  context: CliContext,
  queue: string,
  wanted: Weights,
  { only = false }: { readonly only?: boolean },
): Promise<void> {
  if (Object.keys(wanted).length === 0 && !only) {
    throw invalid(
      "say what keys weigh, e.g. acme=2; --only alone takes all weights back",
      "weight",
    );
  }
  const hub = await context.hub();
  const before = only ? {} : ((await settingsOf(hub, queue))?.weights ?? {});
  const weights = { ...before, ...wanted };
  await setQueue(context, { word: "weight", queue }, { weights }, () => {
    const said = Object.entries(weights).map(([key, weight]) => `${key}=${weight}`);
    if (said.length === 0) return [": all keys weigh the same."];
    return [`: ${said.join(", ")}; each other key weighs 1. It counts for what becomes ready now.`];
  });
}

/** What `task defaults` takes. */
export interface DefaultOptions {
  readonly timeout?: number;
  readonly heartbeat?: number;
  readonly startWithin?: number;
  readonly within?: number;
  readonly attempts?: number;
  readonly depth?: number;
}

/** Says what tasks of a queue get that say nothing; what is not named stays. */
export async function setDefaults(
  context: CliContext,
  queue: string,
  options: DefaultOptions,
): Promise<void> {
  const { timeout, heartbeat, startWithin, within, attempts, depth } = options;
  const spans = [timeout, heartbeat, startWithin, within];
  const hasSpans = spans.some((ms) => ms !== undefined);
  if (!hasSpans && attempts === undefined && depth === undefined) {
    throw invalid("say what tasks of it get, e.g. --timeout 10m or --attempts 3", "defaults");
  }
  const hub = await context.hub();
  const known = await settingsOf(hub, queue);
  const { timeouts, retry } = known ?? {};
  const span = (ms: number | undefined) => (ms === undefined ? undefined : durationFromMs(ms));
  const wanted: Wanted = depth === undefined ? {} : { depthMax: depth };
  if (attempts !== undefined) {
    wanted.retry = create(RetryPolicySchema, retry);
    wanted.retry.maximumAttempts = attempts;
  }
  if (hasSpans) {
    wanted.timeouts = {
      startToClose: span(timeout) ?? timeouts?.startToClose,
      heartbeat: span(heartbeat) ?? timeouts?.heartbeat,
      scheduleToStart: span(startWithin) ?? timeouts?.scheduleToStart,
      scheduleToClose: span(within) ?? timeouts?.scheduleToClose,
    };
  }
  await setQueue(context, { word: "defaults", queue }, wanted, () => {
    const said = [
      ...(timeout === undefined ? [] : [`${spanText(timeout)} for an attempt`]),
      ...(heartbeat === undefined ? [] : [`a sign of life every ${spanText(heartbeat)}`]),
      ...(startWithin === undefined ? [] : [`${spanText(startWithin)} to start`]),
      ...(within === undefined ? [] : [`${spanText(within)} in all`]),
      ...(attempts === undefined ? [] : [counted(attempts, "attempt")]),
    ];
    const gives = said.length === 0 ? "" : ` gives tasks that say nothing ${said.join(", ")}`;
    const takes = depth === undefined ? "" : ` takes ${depth} tasks at most`;
    return [[gives, takes].filter((part) => part !== "").join(", and"), "."];
  });
}

/** Undefined for a queue that nobody submitted to and nobody set. */
async function settingsOf(hub: HubClient, queue: string): Promise<QueueSettings | undefined> {
  try {
    const answer = await hub.as(QueueService).getQueue({ queue }, hub.call);
    return answer.queue?.settings;
  } catch (error) {
    if (errorOf(error).reason === Reason.NOT_FOUND) return undefined;
    throw error;
  }
}

function invalid(problem: string, word: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: `foedus task ${word}` });
}
