import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { hasEnded } from "./state.ts";

/** A stretch of a task's life in which it stood in one state. */
export interface Phase {
  readonly state: TaskState;
  readonly fromMs: number;
  /** Undefined while it goes on. */
  readonly untilMs: number | undefined;
  /** Which attempt; 0 for none. */
  readonly attempt: number;
  /** The node that held it; empty for none. */
  readonly nodeId: string;
  /** Who began it. */
  readonly caller: string;
  /** What happened at its beginning, for people. */
  readonly began: string;
  /** What ended it, for people; empty while it goes on. */
  readonly ended: string;
  /** Why an attempt came to nothing. */
  readonly failure: Failure | undefined;
  /** What happened meanwhile and changed no state. */
  readonly notes: readonly string[];
}

/** How a task came to its end. */
export interface End {
  readonly state: TaskState;
  readonly ms: number;
  readonly message: string;
}

/** A task's life, in order. */
export interface Timeline {
  readonly fromMs: number;
  readonly phases: readonly Phase[];
  readonly end: End | undefined;
  /** Whether nothing came after. */
  readonly isWhole: boolean;
}

/**
 * Reads a life out of its steps; undefined where there is none. Where these are not all of them,
 * how it stood after the last one is left out: nobody knows here until when.
 */
export function timelineOf(steps: readonly TaskStep[], isWhole = true): Timeline | undefined {
  const phases: Phase[] = [];
  let end: End | undefined;
  for (const step of steps) {
    const ms = msOf(step);
    const open = end === undefined ? phases.at(-1) : undefined;
    if (open !== undefined && isNote(open, step)) {
      phases[phases.length - 1] = { ...open, notes: [...open.notes, step.message] };
      continue;
    }
    if (open !== undefined) phases[phases.length - 1] = closed(open, step, ms);
    end = hasEnded(step.state) ? { state: step.state, ms, message: step.message } : undefined;
    if (end === undefined) phases.push(begun(step, ms));
  }
  const [first] = steps;
  if (first === undefined) return undefined;
  const fromMs = msOf(first);
  if (isWhole) return { fromMs, phases, end, isWhole };
  return {
    fromMs,
    phases: phases.slice(0, end === undefined ? -1 : undefined),
    end: undefined,
    isWhole,
  };
}

/** The same state of the same attempt again is something said, not something begun. */
function isNote(open: Phase, step: TaskStep): boolean {
  return step.state === open.state && step.attempt === open.attempt && step.failure === undefined;
}

function begun(step: TaskStep, ms: number): Phase {
  const { state, attempt, caller, message } = step;
  const isHeld = state === TaskState.WORKING;
  return {
    state,
    fromMs: ms,
    untilMs: undefined,
    attempt: isHeld ? attempt : 0,
    nodeId: isHeld ? caller : "",
    caller,
    began: message,
    ended: "",
    failure: undefined,
    notes: [],
  };
}

function closed(open: Phase, step: TaskStep, ms: number): Phase {
  const failure = open.state === TaskState.WORKING ? step.failure : undefined;
  return { ...open, untilMs: Math.max(ms, open.fromMs), ended: step.message, failure };
}

function msOf({ time }: TaskStep): number {
  return time === undefined ? 0 : timestampMs(time);
}

/** Where a phase lies on an axis from 0 to 1. */
export interface Bar {
  readonly left: number;
  readonly width: number;
}

/** Where a phase lies among all of them, up to now where the life goes on. */
export function barOf(phase: Phase, timeline: Timeline, nowMs: number): Bar {
  const untilMs = lastMs(timeline, nowMs);
  const whole = Math.max(1, untilMs - timeline.fromMs);
  const left = (phase.fromMs - timeline.fromMs) / whole;
  const right = ((phase.untilMs ?? untilMs) - timeline.fromMs) / whole;
  return { left: within(left), width: within(right) - within(left) };
}

/** When the axis ends. */
export function lastMs({ end, phases, fromMs }: Timeline, nowMs: number): number {
  return Math.max(fromMs + 1, end?.ms ?? Math.max(nowMs, phases.at(-1)?.fromMs ?? fromMs));
}

function within(part: number): number {
  return Math.min(1, Math.max(0, part));
}
