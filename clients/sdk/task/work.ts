import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { FoedusError } from "../error.ts";
import type { Submission } from "./tasks.ts";
import type { TaskWish } from "./wish.ts";

/** Which tasks a worker does. */
export interface WorkOptions {
  /** The queue it serves, a slug. */
  readonly queue: string;
  /** Its name; one of chance when left out. Two workers of a node at one queue need two names. */
  readonly name?: string;
  /** Kinds it does; all when left out. */
  readonly kinds?: readonly string[];
  /** What it offers, e.g. "ocr". */
  readonly capabilities?: readonly string[];
  /** Words a task can ask for; those of its node's profile count too. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Models it can run. */
  readonly models?: readonly string[];
  /** Tasks it does at once, at most 1,000; one when left out. */
  readonly concurrency?: number;
  /** How long `drain` waits for tasks underway before it gives them back: 30 s when left out. */
  readonly graceMs?: number;
  /** Told of each interruption that will be mended. */
  readonly interrupted?: (error: FoedusError) => void;
  /** Closes the worker when it aborts. */
  readonly signal?: AbortSignal;
}

/** What whoever does a task says of it meanwhile. */
export interface Said {
  /** 0 to 1. */
  readonly fraction?: number;
  /** What it does now. */
  readonly message?: string;
  /** What the attempt has cost so far, in the unit of the task's budget. */
  readonly spent?: number | bigint;
}

/** A task that is to be done now. */
export interface Job {
  readonly task: Task;
  readonly kind: string;
  /** What it is to be done with; empty when nothing was given. */
  readonly payload: Uint8Array;
  /** From 1. */
  readonly attempt: number;
  /** Grows with each holder: show it wherever an older holder must not write any more. */
  readonly fence: bigint;
  /**
   * Aborts when the job is to stop; its reason is a TaskStopped. What a job that lost its hold says
   * afterwards reaches nobody.
   */
  readonly signal: AbortSignal;
  /** The payload as JSON; throws TaskFailed PAYLOAD_INVALID, final, when it is none. */
  json(): unknown;
  /** Until its nearest deadline; Infinity when it has none. */
  timeLeftMs(): number;
  /** Tells how far it has come; of what comes faster than the wire the last counts. */
  progress(said: Said): void;
  /** Submits a part of this task. It ends no later, and is paid from the same budget. */
  submit(wish: TaskWish): Promise<Submission>;
}

/**
 * Does one task. What it returns is the result: bytes, a Payload, nothing, or anything else as
 * JSON. What it throws fails the attempt: TaskFailed by its reason, anything else as UNCAUGHT.
 */
export type Work = (job: Job) => unknown;

/** How a worker is doing. */
export interface WorkerState {
  /** What it holds, in the order it came. */
  readonly holds: readonly { readonly taskId: string; readonly kind: string; fence: bigint }[];
  /** How many more tasks it would take now. */
  readonly room: number;
  /** Results the hub has stored since the worker was opened. */
  readonly completed: number;
  /** Failed attempts the hub has stored. */
  readonly failed: number;
  readonly connection: "open" | "waiting" | "draining" | "closed";
  /** What it waits for, while it is not connected. */
  readonly waiting: FoedusError | undefined;
}

/**
 * Does tasks of one queue for as long as it is open, over a stream that it opens itself and opens
 * again after every interruption. Close it, or say `await using`.
 */
export interface TaskWorker extends AsyncDisposable {
  readonly name: string;
  readonly queue: string;
  /** Aborts when it is over; its reason is a FoedusError. */
  readonly signal: AbortSignal;
  status(): WorkerState;
  /** Resolves when the hub gives it tasks. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Takes no new tasks, waits for those underway, and closes. After the grace, or when the signal
   * aborts, it gives back what is not done.
   */
  drain(signal?: AbortSignal): Promise<void>;
  /** Gives back what it holds, and leaves. */
  close(): Promise<void>;
}
