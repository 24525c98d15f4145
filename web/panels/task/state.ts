import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Tone } from "../../parts/badge.tsx";
import type { IconName } from "../../parts/icon.tsx";

/** How a state is shown: a word, and a shape of its own. */
export interface StateLook {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

const looks: Readonly<Partial<Record<TaskState, StateLook>>> = {
  [TaskState.SUBMITTED]: { word: "Ready", icon: "event", tone: "accent" },
  [TaskState.WORKING]: { word: "Working", icon: "play", tone: "maintenance" },
  [TaskState.SCHEDULED]: { word: "Delayed", icon: "wait", tone: "retired" },
  [TaskState.BLOCKED]: { word: "Blocked", icon: "block", tone: "degraded" },
  [TaskState.FAILED]: { word: "Dead letter", icon: "offline", tone: "offline" },
  [TaskState.COMPLETED]: { word: "Completed", icon: "online", tone: "online" },
  [TaskState.CANCELED]: { word: "Canceled", icon: "retired", tone: "retired" },
};
const unknownLook: StateLook = { word: "Unknown", icon: "gap", tone: "retired" };

/** How a task's state is shown. */
export function stateLook(state: TaskState): StateLook {
  return looks[state] ?? unknownLook;
}

/** A choice of tasks by how they stand. */
export interface StateChoice {
  /** What stands in the address; empty for all. */
  readonly word: string;
  readonly title: string;
  readonly states: readonly TaskState[];
}

/** The choices in the order in which a task goes through them. */
export const stateChoices: readonly StateChoice[] = [
  { word: "", title: "All", states: [] },
  { word: "ready", title: "Ready", states: [TaskState.SUBMITTED] },
  { word: "working", title: "Working", states: [TaskState.WORKING] },
  { word: "delayed", title: "Delayed", states: [TaskState.SCHEDULED] },
  { word: "blocked", title: "Blocked", states: [TaskState.BLOCKED] },
  { word: "failed", title: "Dead letters", states: [TaskState.FAILED] },
  { word: "ended", title: "Ended", states: [TaskState.COMPLETED, TaskState.CANCELED] },
];

const over: ReadonlySet<TaskState> = new Set([
  TaskState.COMPLETED,
  TaskState.FAILED,
  TaskState.CANCELED,
]);

/** Whether nothing more happens to it by itself. */
export function hasEnded(state: TaskState): boolean {
  return over.has(state);
}
