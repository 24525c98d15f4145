import type { Failure, RetryPolicy } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  attemptsDefault,
  backoffDefault,
  firstRetryMs,
  retryIntervalMs,
  spanMsMax,
} from "./limits.ts";
import { spanMs } from "./spec.ts";

/** What a failed attempt is judged by. */
export interface Failed {
  /** Attempts so far, this one among them. */
  readonly attempts: number;
  readonly failure: Failure;
  /** Nobody needs it after this. */
  readonly untilMs: number | undefined;
  readonly nowMs: number;
}

/** When the next attempt may begin, in milliseconds since 1970; undefined when there is none. */
export function nextAttemptMs(retry: RetryPolicy | undefined, failed: Failed): number | undefined {
  const { attempts, failure, untilMs, nowMs } = failed;
  if (failure.isFinal || retry?.nonRetryableReasons.includes(failure.reason)) return undefined;
  if (attempts >= (retry?.maximumAttempts || attemptsDefault)) return undefined;
  const wait = Math.max(intervalMs(retry, attempts), spanMs(failure.retryAfter));
  const nextMs = nowMs + Math.min(wait, spanMsMax);
  return untilMs !== undefined && nextMs >= untilMs ? undefined : nextMs;
}

/** The wait after so many attempts. */
export function intervalMs(retry: RetryPolicy | undefined, attempts: number): number {
  const first = spanMs(retry?.initialInterval) || firstRetryMs;
  const most = spanMs(retry?.maximumInterval) || Math.max(first, retryIntervalMs);
  const coefficient = retry?.backoffCoefficient || backoffDefault;
  return Math.min(most, Math.round(first * coefficient ** Math.max(0, attempts - 1)));
}
