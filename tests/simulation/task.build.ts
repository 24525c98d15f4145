import { abandoned } from "@foedus/kernel/task/decide.ts";
import { claimed, heard, verdictOf } from "@foedus/kernel/task/hold.ts";
import { allowance } from "@foedus/kernel/task/rate.ts";
import type { Live, Moved } from "@foedus/kernel/task/standing.ts";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { unblocked } from "@foedus/kernel/task/submit.ts";
import { turnsFor } from "@foedus/kernel/task/turn.ts";
import { woken } from "@foedus/kernel/task/wake.ts";

/** Which decisions a simulated world of tasks is built from; mutants put a wrong one in. */
export interface TaskBuild {
  readonly claimed: typeof claimed;
  /** What a worker's word is worth. */
  readonly verdictOf: typeof verdictOf;
  /** What a word that is taken changes. */
  readonly heard: typeof heard;
  /** What is done about a task whose time has come. */
  readonly woken: typeof woken;
  /** What becomes of a task when one that it waits for has ended. */
  followed(follower: Live, other: Live, nowMs: number): Moved;
  /** How many claims a rate lets pass. */
  readonly allowance: typeof allowance;
  /** The turns of tasks that become ready. */
  readonly turnsFor: (
    lane: Parameters<typeof turnsFor>[0],
    count: number,
    priority: number,
  ) => number[];
  /** The clock that leases run by. */
  leaseClock(clocks: { readonly baseMs: number; readonly workerMs: number }): number;
  /** Whether a claim locks what it has read until it has written. */
  readonly locks: boolean;
  /** Whether a hub that takes a schedule's turn locks it. */
  readonly locksSchedules: boolean;
  /** Whether a paused queue is left alone. */
  readonly pauses: boolean;
  /** Whether a hub answers before what it says is committed. */
  readonly acksEarly: boolean;
}

/** The product's own. */
export const soundTasks: TaskBuild = {
  claimed,
  verdictOf,
  heard,
  woken,
  followed: (follower, other, nowMs) =>
    other.standing.state === TaskState.COMPLETED
      ? unblocked(follower, nowMs)
      : abandoned(follower, other, nowMs),
  allowance,
  turnsFor: (lane, count) => turnsFor(lane, count),
  leaseClock: ({ baseMs }) => baseMs,
  locks: true,
  locksSchedules: true,
  pauses: true,
  acksEarly: false,
};
