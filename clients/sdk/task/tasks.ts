import type { Payload, Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { ExplainTaskResponse } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import type {
  ListTasksRequest,
  Submitted,
  TaskStep,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { FoedusError } from "../error.ts";
import type { TaskFailed } from "./failed.ts";
import type { TaskWish } from "./wish.ts";

/** A task that was submitted. */
export interface Submission {
  readonly task: Task;
  /** Its unique key was taken: the task is the one that was there. */
  readonly existed: boolean;
}

/** What a task came to. */
export interface TaskResult {
  readonly task: Task;
  readonly payload: Payload;
  /** The result as JSON; undefined for an empty one. */
  json(): unknown;
}

/** What became of one of many tasks: its result, or why there is none. */
export type TaskEnd =
  | {
      readonly taskId: string;
      readonly task: Task;
      readonly result: TaskResult;
      readonly error?: undefined;
    }
  | {
      readonly taskId: string;
      /** Undefined for one that nobody knows. */
      readonly task: Task | undefined;
      readonly result?: undefined;
      readonly error: TaskFailed | FoedusError;
    };

/** Which tasks to list; what is left out asks for nothing. */
export type TaskFilter = Partial<
  Pick<ListTasksRequest, "queue" | "states" | "kind" | "nodeId" | "labels" | "parentId">
>;

/** How long to go on. Without a signal a call waits for as long as the hub is away. */
export interface AskOptions {
  readonly signal?: AbortSignal;
}

/**
 * Asks for work, and sees what becomes of it. Calls are made again until the hub has answered, and
 * each has one effect.
 */
export interface Tasks {
  submit(wish: TaskWish, options?: AskOptions): Promise<Submission>;
  /** Up to 1,000, all or none; they may depend on each other: "#0" is the first of them. */
  submitMany(wishes: readonly TaskWish[], options?: AskOptions): Promise<Submitted[]>;
  get(taskId: string, options?: AskOptions): Promise<Task>;
  /** Newest first, without payloads and results, as far as it is read. */
  list(filter?: TaskFilter, options?: AskOptions): AsyncGenerator<Task, void, void>;
  /** All that happened to a task, in order. */
  steps(taskId: string, options?: AskOptions): AsyncGenerator<TaskStep, void, void>;
  /** The task now and at each change, until it has ended or the signal aborts. */
  watch(taskId: string, options?: AskOptions): AsyncGenerator<Task, void, void>;
  /**
   * Waits until it is done; all who wait share a call or two, so wait for a thousand at once.
   *
   * @throws TaskFailed when it failed for good, or was called off.
   */
  result(taskId: string, options?: AskOptions): Promise<TaskResult>;
  /**
   * The ends of many tasks, each as it comes, once; done when all have ended. What is not read yet
   * is bounded: whoever is slow to read is told later.
   */
  results(taskIds: Iterable<string>, options?: AskOptions): AsyncGenerator<TaskEnd, void, void>;
  /** Calls it off: at once if nobody holds it, else its worker is told. */
  cancel(taskId: string, reason?: string, options?: AskOptions): Promise<Task>;
  /** Takes it out of the dead letters, with fresh attempts. */
  retry(taskId: string, options?: AskOptions): Promise<Task>;
  /** Why it waits, who could take it, and what it would take. */
  explain(taskId: string, options?: AskOptions): Promise<ExplainTaskResponse>;
}
