/** What goes with a failure beside its reason. */
export interface TaskFailedOptions extends ErrorOptions {
  /** Another attempt is of no use: the task goes to the dead letters at once. */
  readonly isFinal?: boolean;
  /** Another attempt makes no sense sooner; the retry policy decides when left out. */
  readonly retryAfterMs?: number;
}

/**
 * A task that failed, by a reason that a retry policy can name. Thrown by whoever does a task it
 * ends the attempt; `tasks.result` throws it for a task that failed for good or was called off.
 */
export class TaskFailed extends Error {
  override readonly name = "TaskFailed";
  /** A word to decide by, e.g. "RATE_LIMITED"; "CANCELED" for a task that was called off. */
  readonly reason: string;
  readonly isFinal: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, message: string, options: TaskFailedOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.isFinal = options.isFinal ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Why a job is to stop: it was called off, somebody else has it or will, its time is over, or its
 * worker leaves.
 */
export type StopCause = "canceled" | "lost" | "time" | "draining";

/** The reason of a job's signal. Whoever throws it has stopped as wished: nothing more to say. */
export class TaskStopped extends Error {
  override readonly name = "TaskStopped";
  readonly because: StopCause;

  constructor(because: StopCause, message: string) {
    super(message);
    this.because = because;
  }
}
