import { type Duration, type Timestamp, durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskState, type Failure, type Progress } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { failureText } from "@foedus/kernel/task/steps.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { bad, dim, good, strong, unknown, warn, type Piece } from "../paint.ts";
import { agoText, spanText } from "../words/span.ts";

const names: Readonly<Record<TaskState, string>> = {
  [TaskState.UNSPECIFIED]: "unknown",
  [TaskState.SUBMITTED]: "ready",
  [TaskState.WORKING]: "working",
  [TaskState.COMPLETED]: "completed",
  [TaskState.FAILED]: "failed",
  [TaskState.CANCELED]: "canceled",
  [TaskState.SCHEDULED]: "scheduled",
  [TaskState.BLOCKED]: "blocked",
};

const known = new Map(
  Object.entries(names).map(([state, name]) => [name, Number(state) as TaskState]),
);

/** What other programs call the same states. */
const others: Readonly<Record<string, TaskState>> = {
  submitted: TaskState.SUBMITTED,
  done: TaskState.COMPLETED,
  dead: TaskState.FAILED,
  cancelled: TaskState.CANCELED,
  delayed: TaskState.SCHEDULED,
};

/** The states that people can ask for. */
export const stateNames = [...known.keys()].filter((name) => name !== "unknown");

/** How a task stands, in a word. */
export function stateName(state: TaskState): string {
  return names[state] ?? "unknown";
}

/** The state that somebody means; undefined for none. */
export function stateNamed(text: string): TaskState | undefined {
  const word = text.toLowerCase();
  return word === "unknown" ? undefined : (known.get(word) ?? others[word]);
}

/** The same word, painted as it should be felt. */
export function stateWord(state: TaskState): Piece {
  const word = stateName(state);
  if (state === TaskState.COMPLETED) return good(word);
  if (state === TaskState.FAILED) return bad(word);
  if (state === TaskState.WORKING) return strong(word);
  return state === TaskState.CANCELED ? dim(word) : word;
}

/** Whether nothing more will happen to it by itself. */
export function isOver(state: TaskState): boolean {
  return [TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELED].includes(state);
}

/** How long ago an instant was; a dash in words where there is none. */
export function whenText(time: Timestamp | undefined, nowMs: number): Piece {
  return time === undefined ? dim("never") : agoText(timestampMs(time), nowMs);
}

/** How long ago, and when exactly. */
export function whenExactly(time: Timestamp | undefined, nowMs: number): Piece {
  if (time === undefined) return unknown;
  const ms = timestampMs(time);
  return `${agoText(ms, nowMs)} (${utcText(ms)})`;
}

/** Since when, as a span: how old the oldest ready task is. */
export function ageText(since: Timestamp | undefined, nowMs: number): Piece {
  return since === undefined ? dim("none") : spanText(Math.max(0, nowMs - timestampMs(since)));
}

/** A span of the schema; undefined or 0 is none. */
export function lengthText(span: Duration | undefined, none = "none"): Piece {
  const ms = span === undefined ? 0 : durationMs(span);
  return ms === 0 ? dim(none) : spanText(ms);
}

const percent = 100;

/** How far it has come, in the worker's words. */
export function progressText(progress: Progress | undefined): string {
  if (progress === undefined) return "";
  const { fraction, message } = progress;
  const share = fraction === undefined ? "" : `${Math.floor(fraction * percent)} %`;
  return [share, message].filter((part) => part !== "").join(", ");
}

/** Why it failed, and whether that is for good. */
export function whyText(failure: Failure | undefined): Piece {
  if (failure === undefined) return "";
  return warn(failure.isFinal ? `${failureText(failure)} (final)` : failureText(failure));
}

const manyPerMinute = 10;

/** A rate in tasks a minute. */
export function rateText(perMinute: number): string {
  if (perMinute === 0) return "0/min";
  return `${perMinute >= manyPerMinute ? Math.round(perMinute) : perMinute.toFixed(1)}/min`;
}

/** Words to find something by. */
export function labelsText(labels: Readonly<Record<string, string>>): Piece {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? dim("none") : pairs.join(", ");
}
