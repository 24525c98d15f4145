/** A node that works on one queue, for journeys: what it does with each task, a test says. */
export interface TestWorker {
  readonly nodeId: string;
  /** Resolves with the id of the task that it holds next and was not asked for yet. */
  next(): Promise<string>;
  /** Tells how far a task has come. */
  progress(taskId: string, fraction: number, message: string): void;
  /** Ends a task with a result, as JSON. */
  finish(taskId: string, result: unknown): void;
  /** Ends an attempt without one. */
  fail(taskId: string, failure: { reason: string; message: string; isFinal: boolean }): void;
  stop(): Promise<void>;
}

/** What a worker joins with, and what it does. */
export interface TestWorkerOptions {
  readonly invitation: string;
  readonly token: string;
  readonly folder: string;
  readonly name: string;
  readonly queue: string;
  readonly capabilities?: readonly string[];
  readonly concurrency?: number;
}
