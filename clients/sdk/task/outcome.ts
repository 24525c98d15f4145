import { create } from "@bufbuild/protobuf";
import { durationFromMs, type Duration } from "@bufbuild/protobuf/wkt";
import { FailureSchema, type Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Report } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { redactedText } from "@foedus/kernel/sanitise.text.ts";
import { TaskFailed, type TaskStopped } from "./failed.ts";
import { payloadBytesMax, toPayload } from "./payload.ts";

/** The last word about an attempt. */
export type LastWord = Extract<Report["said"], { case: "result" | "failure" | "returned" }>;

const reasonLengthMax = 64;
const messageLengthMax = 2_000;
const typeLengthMax = 120;
/** A year: whoever says more means never. */
const retryAfterMsMax = 31_536_000_000;

/** What somebody returned who did a task. What no payload can hold fails the attempt for good. */
export function toWord(value: unknown): LastWord {
  try {
    const payload = toPayload(value);
    const { contentType, body } = payload;
    if (!isBytes(body) || !isType(contentType)) {
      const wanted = `bytes and a type of at most ${typeLengthMax} letters`;
      const message = `the result is a Payload without ${wanted}`;
      return failureOf(new TaskFailed("RESULT_INVALID", message, { isFinal: true }));
    }
    const { length } = body;
    if (length <= payloadBytesMax) return { case: "result", value: payload };
    const message = `the result has ${length} bytes, the limit is ${payloadBytesMax}: put it into
      a file and return its place`.replaceAll(/\s+/g, " ");
    return failureOf(new TaskFailed("RESULT_TOO_LARGE", message, { isFinal: true }));
  } catch (error) {
    const message = `the result is neither bytes nor JSON: ${safeTextOf(error)}`;
    return failureOf(new TaskFailed("RESULT_INVALID", message, { isFinal: true }));
  }
}

/** What somebody threw who did a task, and was asked to stop or not; anything can be thrown. */
export function thrownOf(thrown: unknown, stopped: TaskStopped | undefined): LastWord {
  try {
    if (thrown instanceof TaskFailed) return failureOf(thrown);
    if (stopped === undefined) return failureOf(new TaskFailed("UNCAUGHT", textOf(thrown)));
    return stopOf(stopped);
  } catch {
    return failureOf(new TaskFailed("UNCAUGHT", untold));
  }
}

/** What is said of a job that stopped as it was asked to. */
export function stopOf({ because, message }: TaskStopped): LastWord {
  if (because !== "canceled") return { case: "returned", value: true };
  return failureOf(new TaskFailed("STOPPED", message, { isFinal: true }));
}

function failureOf({ reason, message, isFinal, retryAfterMs }: TaskFailed): LastWord {
  const value: Failure = create(FailureSchema, {
    reason: shortened(reason, reasonLengthMax) || "UNCAUGHT",
    message: shortened(redactedText(textOf(message)), messageLengthMax),
    isFinal: isSet(isFinal),
    ...(Number.isFinite(retryAfterMs) ? { retryAfter: waitOf(Number(retryAfterMs)) } : {}),
  });
  return { case: "failure", value };
}

/** Types promise that it is one, but not those who write without types. */
function isSet(flag: unknown): boolean {
  return Boolean(flag);
}

function waitOf(ms: number): Duration {
  return durationFromMs(Math.min(retryAfterMsMax, Math.max(0, Math.round(ms))));
}

/** As many letters as the hub takes, and no NUL; no pair of a letter's halves is cut in two. */
export function shortened(text: unknown, lengthMax: number): string {
  const clean = String(text).replaceAll("\0", "");
  if (clean.length <= lengthMax) return clean.toWellFormed();
  return `${clean.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, "")}…`.toWellFormed();
}

const untold = "what was thrown cannot be told";

function safeTextOf(thrown: unknown): string {
  try {
    return textOf(thrown);
  } catch {
    return untold;
  }
}

function isBytes(body: unknown): boolean {
  return body instanceof Uint8Array;
}

function isType(contentType: unknown): boolean {
  if (typeof contentType !== "string" || contentType.includes("\0")) return false;
  return contentType.length <= typeLengthMax;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}
