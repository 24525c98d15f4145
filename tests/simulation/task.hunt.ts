import { soundTasks } from "./task.build.ts";
import type { TaskViolation } from "./task.judge.ts";
import type { TaskMutant } from "./task.mutants.ts";
import { runTasks, type TaskReport } from "./task.world.ts";

/** What many worlds of tasks showed together. */
export interface TaskTally {
  readonly seeds: number;
  tasks: number;
  completed: number;
  failed: number;
  canceled: number;
  retaken: number;
  readonly faults: Map<string, number>;
  /** Those that showed something wrong. */
  readonly wrong: TaskReport[];
}

/** Runs one seed after the other. */
export function runTaskSeeds(from: number, seeds: number): TaskTally {
  const zero = { tasks: 0, completed: 0, failed: 0, canceled: 0, retaken: 0 };
  const tally: TaskTally = { seeds, ...zero, faults: new Map(), wrong: [] };
  for (let seed = from; seed < from + seeds; seed++) {
    const report = runTasks(seed, soundTasks);
    tally.tasks += report.tasks;
    tally.completed += report.completed;
    tally.failed += report.failed;
    tally.canceled += report.canceled;
    tally.retaken += report.retaken;
    for (const [name, times] of report.faults) {
      tally.faults.set(name, (tally.faults.get(name) ?? 0) + times);
    }
    if (report.violations.length > 0) tally.wrong.push(report);
  }
  return tally;
}

/** The first seed that shows a mutant is wrong, and how; undefined if none of so many does. */
export function taskKillerOf(
  { build }: TaskMutant,
  from: number,
  seedsMax: number,
): (TaskViolation & { readonly seed: number }) | undefined {
  for (let seed = from; seed < from + seedsMax; seed++) {
    const [violation] = runTasks(seed, build).violations;
    if (violation !== undefined) return { seed, ...violation };
  }
  return undefined;
}
