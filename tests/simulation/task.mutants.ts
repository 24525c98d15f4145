import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { soundTasks, type TaskBuild } from "./task.build.ts";

/** The rules with one thing wrong, which the simulator must notice. */
export interface TaskMutant {
  readonly name: string;
  /** One that notices it. */
  readonly seed: number;
  readonly build: TaskBuild;
}

function wrong(name: string, seed: number, changed: Partial<TaskBuild>): TaskMutant {
  return { name, seed, build: { ...soundTasks, ...changed } };
}

/** Each breaks one decision; none is a switch in the product. */
export const taskMutants: readonly TaskMutant[] = [
  wrong("no fencing", 1, {
    verdictOf: ({ state }) => (state === TaskState.WORKING ? Verdict.TAKEN : Verdict.LOST),
  }),
  wrong("lease by the worker's clock", 1, { leaseClock: ({ workerMs }) => workerMs }),
  wrong("claim without lock", 1, { locks: false }),
  wrong("ack before commit", 1, { acksEarly: true }),
  wrong("no aging", 1, {
    turnsFor: ({ last }, count, priority) => {
      const level = (10 - priority) * 1e9;
      return Array.from({ length: count }, (_, at) => Math.max(last, level) + at + 1);
    },
  }),
];
