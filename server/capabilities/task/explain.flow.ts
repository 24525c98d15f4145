import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { WaitingSchema, type Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { QueueSettings } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState, type Progress } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Candidate } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { attemptsDefault } from "@foedus/kernel/task/limits.ts";
import { spanWords } from "@foedus/kernel/task/span.ts";
import { stateText } from "@foedus/kernel/task/standing.ts";
import { failureText, workerText } from "@foedus/kernel/task/steps.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { workCommand } from "./explain.command.flow.ts";
import { endText, sentence } from "./explain.end.flow.ts";
import type { Stored } from "./row.store.ts";

/** What is known about a task and those around it. */
export interface Known {
  readonly stored: Stored;
  /** Those it waits for, as they stand. */
  readonly others: readonly { readonly id: string; readonly state: TaskState }[];
  readonly settings: QueueSettings | undefined;
  /** When the queue's rate lets the next one start; undefined when it holds nothing back now. */
  readonly rateMs: number | undefined;
  /** Workers of its queue that are connected. */
  readonly workers: number;
  readonly before: number;
  readonly byPriority: number;
  /** Attempts that failed since it was submitted, or tried again by somebody. */
  readonly failures: readonly TaskStep[];
  /** Its children that have not ended. */
  readonly children: { readonly open: number; readonly working: number };
  readonly nowMs: number;
}

/** What it waits for, the most important first. */
export function waitsOf(known: Known, candidates: readonly Candidate[]): Waiting[] {
  const { stored, others } = known;
  const { id, standing } = stored.live;
  const cancel = `foedus task cancel ${id}`;
  if (standing.state === TaskState.BLOCKED) {
    const open = others.filter(({ state }) => state !== TaskState.COMPLETED);
    return open.map((other) =>
      waitFor(known, `${other.id}, which is ${stateText(other.state)}`, {
        who: "whoever does that task",
        command: `foedus task explain ${other.id}`,
      }),
    );
  }
  if (standing.state === TaskState.SCHEDULED) {
    const who = `time, ${deciders}`;
    return [waitFor(known, dueText(known), { who, command: cancel })];
  }
  if (standing.state === TaskState.WORKING) {
    const waits = [
      waitFor(known, holderText(known), { who: `that worker, ${deciders}`, command: cancel }),
    ];
    return [...waits, ...childWaits(known)];
  }
  if (standing.state === TaskState.FAILED) {
    const wait = { who: deciders, command: `foedus task retry ${id}` };
    return [waitFor(known, "somebody to try it again", wait)];
  }
  return standing.state === TaskState.SUBMITTED ? readyWaits(known, candidates) : [];
}

/** Who decides about a task. */
const deciders = "the submitter or an admin";

/** When its time comes, and why not before. */
function dueText({ stored, nowMs, failures }: Known): string {
  const { standing, terms } = stored.live;
  const { dueMs = nowMs, attempts } = standing;
  const isDue = dueMs <= nowMs;
  const due = `${utcText(dueMs)}, ${inText(dueMs - nowMs)}`;
  if (attempts === 0) return `its time, ${isDue ? "which has come" : due}`;
  const most = terms.retry?.maximumAttempts || attemptsDefault;
  const why = failureText(failures.at(-1)?.failure ?? standing.attempt?.failure);
  const next = `attempt ${attempts + 1} of ${most}${isDue ? ", which is due" : ` at ${due}`}`;
  return `${next}; attempt ${attempts} failed: ${why}`;
}

function inText(ms: number): string {
  return ms <= 0 ? "now" : `in ${spanWords(ms)}`;
}

/** A worker gives about three signs in a lease: who is silent for more than one was not heard. */
const signsInLease = 2;

/** Signs of life are for all that a worker holds: for so long it need not say anything of one. */
const quietMs = 60_000;

/** Who does it, for how long, and when it was heard last. */
function holderText({ stored, nowMs }: Known): string {
  const { terms, standing } = stored.live;
  const { attempt, attempts, progress, cancellation } = standing;
  if (attempt === undefined) return "a worker";
  const { worker, nodeId, claimMs, leaseMs } = attempt;
  const silentMs = nowMs - (leaseMs - terms.heartbeatMs);
  const isSilent = silentMs > terms.heartbeatMs / signsInLease;
  const isQuiet = !isSilent && progress === undefined && nowMs - claimMs > quietMs;
  const end = `its hold ends ${inText(leaseMs - nowMs)}`;
  const parts = [
    `${workerText(worker)} on ${nodeId}, for ${spanWords(nowMs - claimMs)} (attempt ${attempts})`,
    ...saidText(progress, nowMs),
    ...(isQuiet ? ["it has said nothing of it so far"] : []),
    isSilent
      ? `no sign for ${spanWords(silentMs)}: ${end} unless it gives one`
      : `${end}, unless it renews it`,
    ...(cancellation === undefined ? [] : ["it was told to stop"]),
  ];
  return parts.join("; ");
}

const percent = 100;

/** Its last word about how far it is, and how old that is. */
function saidText(progress: Progress | undefined, nowMs: number): string[] {
  const { message = "", fraction, time } = progress ?? {};
  if (message === "" && fraction === undefined) return [];
  const share = fraction === undefined ? "" : ` at ${Math.floor(fraction * percent)} %`;
  const ago = time === undefined ? "" : ` ${spanWords(nowMs - timestampMs(time))} ago`;
  if (message === "") return [`it was${share}${ago}`];
  return [`it said "${message}"${share}${share === "" ? "" : ","}${ago}`];
}

function childWaits(known: Known): Waiting[] {
  const { open, working } = known.children;
  if (open === 0) return [];
  const atWork = working === 0 ? "" : `, ${working} of them at work`;
  const one = working === 0 ? "has not ended" : "is at work";
  const text =
    open === 1 ? `its child, which ${one}` : `its ${open} children that have not ended${atWork}`;
  const command = `foedus task list --parent ${known.stored.live.id}`;
  return [waitFor(known, text, { who: "whoever does those tasks", command })];
}

function readyWaits(known: Known, candidates: readonly Candidate[]): Waiting[] {
  const { stored, settings } = known;
  const { queue } = stored;
  const waits: Waiting[] = [];
  if (settings?.paused) {
    const why = settings.pauseReason === "" ? "" : `: ${settings.pauseReason}`;
    const who = { who: "an admin", command: `foedus task resume ${queue}` };
    waits.push(waitFor(known, `the queue ${queue}, which is paused${why}`, who));
  }
  const fitting = candidates.filter(({ fits }) => fits);
  const hasRoom = fitting.some(({ obstacles }) => obstacles.length === 0);
  const workers = `foedus task workers --queue ${queue}`;
  if (fitting.length === 0) {
    const work = workCommand(queue, stored.spec.needs);
    const command = candidates.length === 0 ? work : workers;
    const who = { who: "whoever runs workers", command };
    waits.push(waitFor(known, nobodyText(known, candidates), who));
  } else if (!hasRoom) {
    const text =
      fitting.length === 1
        ? "the one worker that can do it"
        : `one of the ${fitting.length} workers that can do it`;
    const who = fitting.length === 1 ? "that worker" : "any of them";
    const [nearest] = fitting;
    const why = nearest === undefined ? "" : `: ${kept(nearest)}`;
    waits.push(waitFor(known, `${text}${why}`, { who, command: workers }));
  }
  return [...waits, ...rateWaits(known), ...turnWaits(known)];
}

/** The rate is a wait only where it holds something back. */
function rateWaits(known: Known): Waiting[] {
  const { rateMs, settings, nowMs, stored } = known;
  if (rateMs === undefined) return [];
  const next = `the next one may start ${inText(rateMs - nowMs)}`;
  const text = `the queue's rate of ${settings?.rate?.perMinute ?? 0} a minute: ${next}`;
  const who = { who: "time, or an admin", command: `foedus task rate ${stored.queue} none` };
  return [waitFor(known, text, who)];
}

function turnWaits(known: Known): Waiting[] {
  const { before, byPriority, stored } = known;
  if (before === 0) return [];
  const isAll = byPriority === before;
  const what = `${before === 1 ? "1 task" : `${before} tasks`}${isAll ? higher : ""}`;
  const some = isAll || byPriority === 0 ? "" : `, ${byPriority} of them${higher}`;
  const text = `${what} that ${before === 1 ? "comes" : "come"} first${some}`;
  const who = { who: "the workers", command: `foedus task queue ${stored.queue}` };
  return [waitFor(known, text, who)];
}

const higher = " of a higher priority";

/** Why nobody can take it: what the nearest lacks. */
function nobodyText({ stored, workers }: Known, candidates: readonly Candidate[]): string {
  const want = `a worker of ${stored.queue} that can do it`;
  const named = candidates.find(({ worker }) => worker === "");
  if (named !== undefined) return `${want}: ${kept(named)}`;
  const [nearest] = candidates;
  if (nearest === undefined) return `${want}: none is connected`;
  const count = workers === 1 ? "the one that is connected" : `none of ${workers} fits`;
  return workers === 1 ? `${want}: ${kept(nearest)}` : `${want}: ${count}; ${kept(nearest)}`;
}

function kept({ nodeId, worker, obstacles }: Candidate): string {
  const who = worker === "" ? `node ${nodeId}` : `${worker} on ${nodeId}`;
  return `${who} ${obstacles.join(" and ")}`;
}

function waitFor(
  { stored }: Known,
  waitingFor: string,
  { who, command }: { readonly who: string; readonly command: string },
): Waiting {
  const { standing, terms } = stored.live;
  const { state, attempt, endMs, readyMs } = standing;
  const heldMs = state === TaskState.WORKING ? attempt?.claimMs : undefined;
  const failedMs = state === TaskState.SCHEDULED ? attempt?.endMs : undefined;
  const sinceMs = BigInt(heldMs ?? failedMs ?? endMs ?? readyMs ?? terms.createMs);
  return create(WaitingSchema, { waitingFor, whoCanEndIt: who, sinceMs, command });
}

/** One sentence, or two. */
export function summaryOf(known: Known, waits: readonly Waiting[]): string {
  const { standing } = known.stored.live;
  const { state } = standing;
  const end = endText(known.stored, known.failures);
  if (end !== undefined) return end;
  const [first, ...more] = waits.map(({ waitingFor }) => waitingFor);
  if (first === undefined) {
    return state === TaskState.BLOCKED
      ? "What it waited for is done: it is ready in a moment."
      : "Its turn is next.";
  }
  if (state === TaskState.WORKING) {
    const also = more[0] === undefined ? "" : ` It waits for ${sentence(more[0])}`;
    return `It is being done by ${sentence(first)}${also}`;
  }
  const others = state !== TaskState.BLOCKED || more.length === 0 ? "" : othersText(more.length);
  return `It waits for ${sentence(`${first}${others}`)}`;
}

function othersText(count: number): string {
  return `, and for ${count === 1 ? "one other task" : `${count} other tasks`}`;
}
