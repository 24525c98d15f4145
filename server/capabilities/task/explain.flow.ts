import { create } from "@bufbuild/protobuf";
import { WaitingSchema, type Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { QueueSettings } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Candidate } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { attemptsDefault } from "@foedus/kernel/task/limits.ts";
import { spanWords } from "@foedus/kernel/task/span.ts";
import { stateText } from "@foedus/kernel/task/standing.ts";
import { failureText } from "@foedus/kernel/task/steps.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { workCommand } from "./explain.command.flow.ts";
import type { Stored } from "./row.store.ts";

/** What is known about a task and those around it. */
export interface Known {
  readonly stored: Stored;
  /** Those it waits for, as they stand. */
  readonly others: readonly { readonly id: string; readonly state: TaskState }[];
  readonly settings: QueueSettings | undefined;
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
    return others.map((other) =>
      waitFor(known, `task ${other.id}, which is ${stateText(other.state)}`, {
        who: "whoever does that task",
        command: `foedus task explain ${other.id}`,
      }),
    );
  }
  if (standing.state === TaskState.SCHEDULED) {
    const who = "time; the submitter or an admin can call it off";
    return [waitFor(known, dueText(known), { who, command: cancel })];
  }
  if (standing.state === TaskState.WORKING) {
    const waits = [waitFor(known, holderText(known), { who: "that worker", command: cancel })];
    return [...waits, ...childWaits(known)];
  }
  if (standing.state === TaskState.FAILED) {
    const who = "the submitter or an admin";
    const wait = { who, command: `foedus task retry ${id}` };
    return [waitFor(known, "somebody to try it again", wait)];
  }
  return standing.state === TaskState.SUBMITTED ? readyWaits(known, candidates) : [];
}

/** When its time comes, and why not before. */
function dueText({ stored, nowMs, failures }: Known): string {
  const { standing, terms } = stored.live;
  const { dueMs = nowMs, attempts } = standing;
  const due = `${utcText(dueMs)}, ${inText(dueMs - nowMs)}`;
  if (attempts === 0) return `its time, ${due}`;
  const most = terms.retry?.maximumAttempts || attemptsDefault;
  const why = failureText(failures.at(-1)?.failure ?? standing.attempt?.failure);
  return `attempt ${attempts + 1} of ${most} at ${due}; attempt ${attempts} failed: ${why}`;
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
    `worker ${worker} on ${nodeId}, for ${spanWords(nowMs - claimMs)} (attempt ${attempts})`,
    ...(progress?.message ? [`it says "${progress.message}"`] : []),
    ...(isQuiet ? ["it has said nothing of it so far"] : []),
    isSilent
      ? `no sign for ${spanWords(silentMs)}: ${end} unless it gives one`
      : `${end}, unless it renews it`,
    ...(cancellation === undefined ? [] : ["it was told to stop"]),
  ];
  return parts.join("; ");
}

function childWaits(known: Known): Waiting[] {
  const { open, working } = known.children;
  if (open === 0) return [];
  const children = open === 1 ? "its child" : `its ${open} children`;
  const text = `${children} that ${open === 1 ? "has" : "have"} not ended, ${working} at work`;
  const command = `foedus task list --parent ${known.stored.live.id}`;
  return [waitFor(known, text, { who: "whoever does those tasks", command })];
}

function readyWaits(known: Known, candidates: readonly Candidate[]): Waiting[] {
  const { stored, settings, before, byPriority } = known;
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
      fitting.length === 1 ? "the one worker that can do it" : `one of ${fitting.length} workers`;
    const [nearest] = fitting;
    const why = nearest === undefined ? "" : `: ${kept(nearest)}`;
    waits.push(waitFor(known, `${text}${why}`, { who: "that worker", command: workers }));
  }
  const perMinute = settings?.rate?.perMinute ?? 0;
  if (perMinute > 0) {
    const who = { who: "time; an admin can change it", command: `foedus task queue ${queue}` };
    waits.push(waitFor(known, `the queue's rate of ${perMinute} a minute`, who));
  }
  if (before > 0) {
    const higher = byPriority === 0 ? "" : `, ${byPriority} of them of a higher priority`;
    const text = before === 1 ? "1 task whose turn comes" : `${before} tasks whose turns come`;
    const who = { who: "workers, in turn", command: `foedus task queue ${queue}` };
    waits.push(waitFor(known, `${text} first${higher}`, who));
  }
  return waits;
}

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
  if (state === TaskState.COMPLETED) return doneText(known.stored);
  if (state === TaskState.CANCELED) return calledOffText(known.stored);
  if (state === TaskState.FAILED) return failedText(known);
  const [first, ...more] = waits;
  if (first === undefined) return "Its turn is next.";
  const verb = state === TaskState.WORKING ? "It is being done by" : "It waits for";
  const also = state === TaskState.WORKING && more[0] ? ` It waits for ${more[0].waitingFor}.` : "";
  return `${verb} ${first.waitingFor}.${also}`;
}

function doneText({ live }: Stored): string {
  const { attempt, attempts, endMs } = live.standing;
  if (attempt === undefined || endMs === undefined) return "It is done.";
  const took = spanWords(endMs - attempt.claimMs);
  const tries = attempts > 1 ? `, in attempt ${attempts}` : "";
  return `It is done: worker ${attempt.worker} on ${attempt.nodeId} took ${took}${tries}.`;
}

function calledOffText({ live }: Stored): string {
  const { failure, cancellation } = live.standing;
  if (failure !== undefined) {
    return `It was called off: ${ended(failureText(failure))} Mend that one, and submit this one again.`;
  }
  const by = cancellation?.caller ? ` by ${cancellation.caller}` : "";
  return `It was called off${by}${cancellation?.reason ? `: ${ended(cancellation.reason)}` : "."}`;
}

/** Failures that are spelled out. */
const failuresMax = 5;

function failedText({ stored, failures }: Known): string {
  const { failure } = stored.live.standing;
  if (failures.length < 2) return `It failed: ${ended(failureText(failure))}`;
  const told = failures.slice(-failuresMax).map((step) => {
    const which = step.attempt === 0 ? "then" : `attempt ${step.attempt}`;
    return `${which}: ${failureText(step.failure)}`;
  });
  const rest = failures.length - told.length;
  const more = rest === 0 ? "" : `${rest} more before; `;
  return `It failed after ${failures.length} attempts: ${more}${ended(told.join("; "))}`;
}

/** A sentence ends once. */
function ended(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
