import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskState, type Task, type TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  GetTaskResponseSchema,
  ListTaskStepsResponseSchema,
  TaskService,
  type TaskStep,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { utcText } from "@foedus/kernel/time.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { dim, strong, unknown, warn, type Piece } from "../paint.ts";
import { spanText } from "../words/span.ts";
import { openNames, type NodeNames } from "./names.ts";
import { payloadLines } from "./payload.ts";
import { nodesIn, standingText } from "./standing.ts";
import { isOver, labelsText, lengthText, stateWord, whenExactly } from "./words.ts";

type Pair = readonly [string, Piece];

/** All that is known of one task: its terms, how it stands, what happened, payload and result. */
export async function showTask(context: CliContext, taskId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(TaskService).getTask({ taskId }, hub.call);
  await print.answer(GetTaskResponseSchema, answer, async () => {
    const { task } = answer;
    if (task === undefined) return;
    const names = openNames(hub);
    const steps = await stepsOf(hub, taskId);
    await names.learn([...nodesIn([task]), ...steps.map(({ caller }) => caller)]);
    await print.pairs([...standing(task, names, hub.nowMs()), ...terms(task, names)]);
    print.line();
    await tellSteps(context, steps.slice(-stepsShown), names);
    const more = steps.length - stepsShown;
    if (more > 0) print.note(dim(`${more} steps before these: foedus task steps ${taskId}`));
    tellPayload(context, "Payload", task.spec?.payload);
    if (task.result !== undefined) tellPayload(context, "Result", task.result);
    const what = task.state === TaskState.WORKING ? "How it goes on" : "Why it waits";
    if (!isOver(task.state)) print.note(dim(`${what}: foedus task explain ${taskId}`));
  });
}

const stepsShown = 20;

/** All steps of a task, in order. */
export async function listSteps(context: CliContext, taskId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const steps = await stepsOf(hub, taskId);
  const answer = create(ListTaskStepsResponseSchema, { steps });
  await print.answer(ListTaskStepsResponseSchema, answer, async () => {
    const names = openNames(hub);
    await names.learn(steps.map(({ caller }) => caller));
    await tellSteps(context, steps, names);
  });
}

async function stepsOf(hub: HubClient, taskId: string): Promise<TaskStep[]> {
  const client = hub.as(TaskService);
  return await allPages(
    (page) => client.listTaskSteps({ taskId, page }, hub.call),
    ({ steps }) => steps,
  );
}

function standing(task: Task, names: NodeNames, nowMs: number): Pair[] {
  const { id, spec, state, submitter, createTime, scheduleId, cancellation } = task;
  const asked = cancellation === undefined || isOver(state) ? [] : [cancellation];
  return [
    ["Task", strong(id)],
    ["Kind", strong(spec?.kind ?? "")],
    ["Queue", spec?.queue ?? ""],
    ["State", stateWord(state)],
    ...(state === TaskState.SUBMITTED ? [] : [standingPair(task, names, nowMs)]),
    ...asked.map((said): Pair => ["Told to stop", warn(said.reason || "no reason was given")]),
    ["Submitted", whenExactly(createTime, nowMs)],
    ["By", scheduleId === "" ? names.callerOf(submitter) : `schedule ${scheduleId}`],
  ];
}

function standingPair(task: Task, names: NodeNames, nowMs: number): Pair {
  return ["", standingText(task, names, nowMs)];
}

function terms({ spec }: Task, names: NodeNames): Pair[] {
  if (spec === undefined) return [];
  const { priority, fairnessKey, uniqueKey, parentId, dependsOn, labels } = spec;
  const optional: (Pair | undefined)[] = [
    ["Priority", String(priority)],
    fairnessKey === "" ? undefined : ["Fairness key", fairnessKey],
    uniqueKey === "" ? undefined : ["Unique key", uniqueKey],
    parentId === "" ? undefined : ["Part of", parentId],
    dependsOn.length === 0 ? undefined : ["After", dependsOn.join(", ")],
    ["Needs", needsText(spec, names)],
    ["Time-outs", timeoutsText(spec)],
    ["Attempts", retryText(spec)],
    ["Deadline", deadlineText(spec)],
    spec.budget === undefined ? undefined : ["Budget", budgetText(spec.budget)],
    Object.keys(labels).length === 0 ? undefined : ["Labels", labelsText(labels)],
  ];
  return optional.filter((pair) => pair !== undefined);
}

function needsText({ needs }: TaskSpec, names: NodeNames): Piece {
  const { nodeId = "", capabilities = [], labels = {}, model = "" } = needs ?? {};
  const parts = [
    ...(nodeId === "" ? [] : [`node ${names.nameOf(nodeId)}`]),
    ...capabilities,
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ...(model === "" ? [] : [`model ${model}`]),
  ];
  return parts.length === 0 ? dim("nothing: every worker of its queue and kind") : parts.join(", ");
}

function timeoutsText({ timeouts }: TaskSpec): string {
  const { startToClose, heartbeat, scheduleToStart, scheduleToClose } = timeouts ?? {};
  const plain = (piece: Piece) => (typeof piece === "string" ? piece : piece.text);
  return [
    `an attempt ${plain(lengthText(startToClose))}`,
    `a sign of life every ${plain(lengthText(heartbeat))}`,
    ...(scheduleToStart === undefined ? [] : [`to start ${plain(lengthText(scheduleToStart))}`]),
    ...(scheduleToClose === undefined ? [] : [`in all ${plain(lengthText(scheduleToClose))}`]),
  ].join(", ");
}

function retryText({ retry }: TaskSpec): string {
  if (retry === undefined) return "1";
  const plain = (piece: Piece) => (typeof piece === "string" ? piece : piece.text);
  const { maximumAttempts, initialInterval, maximumInterval, nonRetryableReasons } = retry;
  const final =
    nonRetryableReasons.length === 0 ? "" : `, none after ${nonRetryableReasons.join(", ")}`;
  if (maximumAttempts === 1) return "1: a failure is final";
  const [first, last] = [plain(lengthText(initialInterval)), plain(lengthText(maximumInterval))];
  return `up to ${maximumAttempts}, after ${first} first, then longer, at most ${last}${final}`;
}

function deadlineText({ deadline }: TaskSpec): Piece {
  return deadline === undefined ? dim("none") : utcText(timestampMs(deadline));
}

function budgetText({ unit, limit, spent }: NonNullable<TaskSpec["budget"]>): Piece {
  const text = `${spent} of ${limit} ${unit} spent`;
  return spent > limit ? warn(text) : text;
}

const head = ["TIME", "AFTER", "STATE", "ATTEMPT", "BY", "WHAT HAPPENED"];

async function tellSteps(
  { print }: CliContext,
  steps: readonly TaskStep[],
  names: NodeNames,
): Promise<void> {
  let beforeMs: number | undefined;
  const rows = steps.map(({ time, state, attempt, caller, message }): Piece[] => {
    const ms = time === undefined ? undefined : timestampMs(time);
    const passed = ms === undefined || beforeMs === undefined ? "" : `+${spanText(ms - beforeMs)}`;
    beforeMs = ms;
    return [
      ms === undefined ? unknown : dim(utcText(ms)),
      passed,
      stateWord(state),
      attempt === 0 ? "" : String(attempt),
      names.callerOf(caller),
      message,
    ];
  });
  await print.table(head, rows);
}

function tellPayload({ print }: CliContext, name: string, payload: Task["result"]): void {
  print.line();
  const [what = dim("none"), ...lines] = payload === undefined ? [] : payloadLines(payload);
  print.line(strong(name), "  ", what);
  for (const line of lines) print.line(line);
}
