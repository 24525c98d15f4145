import { verdictOf } from "@foedus/kernel/task/hold.ts";
import { turnsFor } from "@foedus/kernel/task/turn.ts";

/** Which decisions a simulated world of tasks is built from; mutants put a wrong one in. */
export interface TaskBuild {
  /** What a worker's word is worth. */
  readonly verdictOf: typeof verdictOf;
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
  /** Whether a hub answers before what it says is committed. */
  readonly acksEarly: boolean;
}

/** The product's own. */
export const soundTasks: TaskBuild = {
  verdictOf,
  turnsFor: (lane, count) => turnsFor(lane, count),
  leaseClock: ({ baseMs }) => baseMs,
  locks: true,
  acksEarly: false,
};
