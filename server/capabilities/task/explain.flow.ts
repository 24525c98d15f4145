import { create } from "@bufbuild/protobuf";
import { WaitingSchema, type Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { QueueSettings } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { CandidateSchema, type Candidate } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkerSchema, type WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { obstaclesOf } from "@foedus/kernel/task/fits.ts";
import { stateText } from "@foedus/kernel/task/standing.ts";
import { failureText } from "@foedus/kernel/task/steps.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { Stored } from "./row.store.ts";

/** What is known about a task and those around it. */
export interface Known {
  readonly stored: Stored;
  /** Those it waits for, as they stand. */
  readonly others: readonly { readonly id: string; readonly state: TaskState }[];
  readonly settings: QueueSettings | undefined;
  /** Workers of its queue. */
  readonly workers: readonly WorkerStatus[];
  readonly before: number;
  readonly nowMs: number;
}

const candidatesMax = 20;

/** Who could take it, those who fit first. */
export function candidatesOf({ stored, workers }: Pick<Known, "stored" | "workers">): Candidate[] {
  const { kind, needs } = stored.spec;
  const found = workers.map((status) => {
    const { nodeId, nodeLabels: labels, worker = create(WorkerSchema) } = status;
    const lacking = obstaclesOf(kind, needs, worker, { nodeId, labels });
    const obstacles = [...lacking, ...keptBy(status)];
    const fits = lacking.length === 0;
    return create(CandidateSchema, { nodeId, worker: worker.name, fits, obstacles });
  });
  const named = needs?.nodeId ?? "";
  if (named !== "" && !found.some(({ nodeId }) => nodeId === named)) {
    const obstacles = ["runs no worker of this queue now"];
    found.push(create(CandidateSchema, { nodeId: named, obstacles }));
  }
  const rank = ({ fits, obstacles }: Candidate) => (fits ? 0 : 1_000) + obstacles.length;
  return found.toSorted((one, other) => rank(one) - rank(other)).slice(0, candidatesMax);
}

function keptBy({ draining, holds, room }: WorkerStatus): string[] {
  if (draining) return ["takes no new tasks"];
  if (room > 0) return [];
  const { length } = holds;
  return [length === 0 ? "has not asked for tasks yet" : `at its ${tasks(length)}`];
}

function tasks(count: number): string {
  return count === 1 ? "one task" : `${count} tasks`;
}

/** What it waits for, the most important first. */
export function waitsOf(known: Known, candidates: readonly Candidate[]): Waiting[] {
  const { stored, others } = known;
  const { id, standing } = stored.live;
  if (standing.state === TaskState.BLOCKED) {
    return others.map((other) =>
      waitFor(known, `task ${other.id}, which is ${stateText(other.state)}`, {
        who: "whoever does that task",
        command: `foedus task explain ${other.id}`,
      }),
    );
  }
  if (standing.state === TaskState.SCHEDULED) {
    const due = standing.dueMs === undefined ? "its time" : utcText(standing.dueMs);
    const who = { who: "time; the submitter or an admin can call it off", command: cancel(id) };
    return [waitFor(known, due, who)];
  }
  if (standing.state === TaskState.WORKING) return [waitForWorker(known)];
  if (standing.state === TaskState.FAILED) {
    const who = "the submitter or an admin";
    return [
      waitFor(known, "somebody to try it again", { who, command: `foedus task retry ${id}` }),
    ];
  }
  return standing.state === TaskState.SUBMITTED ? readyWaits(known, candidates) : [];
}

function readyWaits(known: Known, candidates: readonly Candidate[]): Waiting[] {
  const { stored, settings, before } = known;
  const { queue } = stored;
  const waits: Waiting[] = [];
  if (settings?.paused) {
    const why = settings.pauseReason === "" ? "" : `: ${settings.pauseReason}`;
    const who = { who: "an admin", command: `foedus task resume ${queue}` };
    waits.push(waitFor(known, `the queue ${queue}, which is paused${why}`, who));
  }
  const fitting = candidates.filter(({ fits }) => fits);
  if (fitting.length === 0) {
    const who = { who: "whoever runs workers", command: `foedus task workers --queue ${queue}` };
    waits.push(waitFor(known, `a worker of ${queue} that can do it`, who));
  } else if (fitting.every(({ obstacles }) => obstacles.length > 0)) {
    const who = {
      who: "a worker that ends a task",
      command: `foedus task workers --queue ${queue}`,
    };
    waits.push(waitFor(known, `room at one of ${fitting.length} workers`, who));
  }
  const perMinute = settings?.rate?.perMinute ?? 0;
  if (perMinute > 0) {
    const who = { who: "time; an admin can change it", command: `foedus task queue ${queue}` };
    waits.push(waitFor(known, `the queue's rate of ${perMinute} a minute`, who));
  }
  if (before > 0) {
    const who = { who: "workers, in turn", command: `foedus task queue ${queue}` };
    waits.push(waitFor(known, `${before} tasks whose turns come first`, who));
  }
  return waits;
}

function waitForWorker(known: Known): Waiting {
  const { id, standing } = known.stored.live;
  const { attempt, progress, cancellation } = standing;
  const said = progress?.message ? `, which says "${progress.message}"` : "";
  const until = attempt === undefined ? "" : ` until ${utcText(attempt.leaseMs)}, unless it renews`;
  const held = `worker ${attempt?.worker ?? ""} on ${attempt?.nodeId ?? ""}${said}; it holds it${until}`;
  const text = cancellation === undefined ? held : `${held}; it was told to stop`;
  return waitFor(known, text, { who: "that worker", command: cancel(id) });
}

function cancel(id: string): string {
  return `foedus task cancel ${id}`;
}

function waitFor(
  { stored }: Known,
  waitingFor: string,
  { who, command }: { readonly who: string; readonly command: string },
): Waiting {
  const { standing, terms } = stored.live;
  const claimMs = standing.state === TaskState.WORKING ? standing.attempt?.claimMs : undefined;
  const sinceMs = BigInt(claimMs ?? standing.endMs ?? standing.readyMs ?? terms.createMs);
  return create(WaitingSchema, { waitingFor, whoCanEndIt: who, sinceMs, command });
}

/** One sentence. */
export function summaryOf({ stored }: Known, waits: readonly Waiting[]): string {
  const { standing } = stored.live;
  const { state, failure, cancellation } = standing;
  if (state === TaskState.COMPLETED) return "It is done.";
  if (state === TaskState.CANCELED) {
    const why = failure === undefined ? (cancellation?.reason ?? "") : failureText(failure);
    return why === "" ? "It was called off." : `It was called off: ${why}.`;
  }
  if (state === TaskState.FAILED) return `It failed: ${failureText(failure)}.`;
  const [first] = waits;
  const verb = state === TaskState.WORKING ? "It is being done by" : "It waits for";
  return first === undefined ? "Its turn is next." : `${verb} ${first.waitingFor}.`;
}
