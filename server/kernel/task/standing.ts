import type {
  Cancellation,
  Failure,
  Payload,
  Progress,
  RetryPolicy,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";

/**
 * What is fixed when a task is submitted. Times and spans are milliseconds; a span of 0 is none.
 */
export interface Terms {
  readonly submitter: string;
  readonly createMs: number;
  /** How it stood first: ready, delayed or blocked. */
  readonly firstState: TaskState;
  /** Not before this. */
  readonly startMs: number | undefined;
  /** From ready to the claim. */
  readonly queueWaitMs: number;
  /** One attempt. */
  readonly attemptMs: number;
  /** The lease. */
  readonly heartbeatMs: number;
  readonly retry: RetryPolicy | undefined;
  /** What it may cost; undefined for no limit. */
  readonly budgetLimit: number | undefined;
}

/** A worker, as a claim names it. */
export interface Holder {
  /** Proved by the transport. */
  readonly nodeId: string;
  readonly worker: string;
  readonly claimId: string;
}

/** The attempt under way, or the last one. */
export interface Attempted extends Holder {
  readonly fence: number;
  readonly claimMs: number;
  readonly leaseMs: number;
  /** Unset while it goes on. */
  readonly endMs: number | undefined;
  readonly failure: Failure | undefined;
}

/** What changes as a task goes on: the columns of its row. */
export interface Standing {
  readonly state: TaskState;
  /** Grows with each change. */
  readonly revision: number;
  /** 0 until it is given one. */
  readonly turn: number;
  /** Attempts that count. */
  readonly attempts: number;
  /** How often in a row it was given back undone. */
  readonly returns: number;
  /** Grows with each holder, and when one lets go: what carries an older one comes too late. */
  readonly fence: number;
  /** How many tasks it still waits for. */
  readonly blockers: number;
  /** Up to which of its open steps there are stored ones: see steps.ts. */
  readonly told: number;
  /** Nobody needs it after this. */
  readonly untilMs: number | undefined;
  readonly readyMs: number | undefined;
  /** When its time comes, while it is delayed. */
  readonly dueMs: number | undefined;
  readonly attempt: Attempted | undefined;
  readonly progress: Progress | undefined;
  /** What all attempts have cost, and what was given to children. */
  readonly spent: number;
  readonly cancellation: Cancellation | undefined;
  readonly endMs: number | undefined;
  /** Why it ended without a result. */
  readonly failure: Failure | undefined;
  readonly result: Payload | undefined;
}

/** A task as rules see it. */
export interface Live {
  readonly id: string;
  readonly terms: Terms;
  readonly standing: Standing;
}

/** How a task stands after something happened, and what is to be stored of how it stood before. */
export interface Moved {
  readonly next: Standing;
  readonly steps: readonly TaskStep[];
}

/** Whether it is over. */
export function hasEnded({ state }: Pick<Standing, "state">): boolean {
  return ended.has(state);
}

const ended: ReadonlySet<TaskState> = new Set([
  TaskState.COMPLETED,
  TaskState.FAILED,
  TaskState.CANCELED,
]);

/** Whether it has become ready and was given no turn yet. */
export function needsTurn({ state, turn }: Standing): boolean {
  return state === TaskState.SUBMITTED && turn === 0;
}

/** "working", as people read it: what is submitted and waits for nothing is "ready". */
export function stateText(state: TaskState): string {
  return state === TaskState.SUBMITTED ? "ready" : (TaskState[state] ?? "unknown").toLowerCase();
}
