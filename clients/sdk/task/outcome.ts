import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { FailureSchema, type Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Report } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { redactedText } from "@foedus/kernel/sanitise.text.ts";
import { TaskFailed, type TaskStopped } from "./failed.ts";
import { payloadBytesMax, toPayload } from "./payload.ts";

/** The last word about an attempt. */
export type LastWord = Extract<Report["said"], { case: "result" | "failure" | "returned" }>;

const reasonLengthMax = 64;
const messageLengthMax = 2_000;

/** What somebody returned who did a task. What no payload can hold fails the attempt for good. */
export function toWord(value: unknown): LastWord {
  try {
    const payload = toPayload(value);
    const { length } = payload.body;
    if (length <= payloadBytesMax) return { case: "result", value: payload };
    const message = `the result has ${length} bytes, the limit is ${payloadBytesMax}: put it into
      a file and return its place`.replaceAll(/\s+/g, " ");
    return failureOf(new TaskFailed("RESULT_TOO_LARGE", message, { isFinal: true }));
  } catch (error) {
    const message = `the result is neither bytes nor JSON: ${textOf(error)}`;
    return failureOf(new TaskFailed("RESULT_INVALID", message, { isFinal: true }));
  }
}

/** What somebody threw who did a task, and was asked to stop or not. */
export function thrownOf(thrown: unknown, stopped: TaskStopped | undefined): LastWord {
  if (thrown instanceof TaskFailed) return failureOf(thrown);
  if (stopped === undefined) return failureOf(new TaskFailed("UNCAUGHT", textOf(thrown)));
  return stopOf(stopped);
}

/** What is said of a job that stopped as it was asked to. */
export function stopOf({ because, message }: TaskStopped): LastWord {
  if (because !== "canceled") return { case: "returned", value: true };
  return failureOf(new TaskFailed("STOPPED", message, { isFinal: true }));
}

function failureOf({ reason, message, isFinal, retryAfterMs }: TaskFailed): LastWord {
  const value: Failure = create(FailureSchema, {
    reason: shortened(reason, reasonLengthMax) || "UNCAUGHT",
    message: shortened(redactedText(message), messageLengthMax),
    isFinal,
    ...(retryAfterMs === undefined
      ? {}
      : { retryAfter: durationFromMs(Math.max(0, Math.round(retryAfterMs))) }),
  });
  return { case: "failure", value };
}

/** As many letters as the hub takes; a pair that the cut would halve goes as a whole. */
export function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text.toWellFormed();
  return `${text.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, "")}…`.toWellFormed();
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}
