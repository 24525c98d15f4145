import { expect, test } from "vitest";
import { taskInvariants } from "./task.judge.ts";
import { taskMutants, type TaskMutant } from "./task.mutants.ts";
import { runTasks } from "./task.world.ts";

const patienceMs = 120_000;
const seeds = 200;
const seedsMax = 60;
const allFaults = [
  "a hub crashes",
  "a worker crashes",
  "a worker is cut off",
  "a worker stalls",
  "a worker's clock jumps",
  "answers are lost",
  "the network is slow",
  "words come twice",
];

test(
  "two hundred worlds of tasks keep every invariant, and all that can go wrong does",
  { timeout: patienceMs },
  () => {
    const faults = new Set<string>();
    let [tasks, completed, retaken] = [0, 0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const report = runTasks(seed);
      expect({ seed, first: report.violations[0] }).toEqual({ seed, first: undefined });
      for (const name of report.faults.keys()) faults.add(name);
      tasks += report.tasks;
      completed += report.completed;
      retaken += report.retaken;
    }
    expect([...faults].toSorted()).toEqual(allFaults);
    expect(completed).toBe(tasks);
    expect(retaken).toBeGreaterThan(seeds);
  },
);

test("a seed replays exactly", { timeout: patienceMs }, () => {
  expect(runTasks(7)).toEqual(runTasks(7));
});

test.each(taskMutants)("$name is noticed", { timeout: patienceMs }, (mutant) => {
  // The seed that is known to notice it comes first; a change of the rules may need another.
  const killer = killerOf(mutant, mutant.seed, 1) ?? killerOf(mutant, 1, seedsMax);
  expect(Object.keys(taskInvariants)).toContain(killer);
});

function killerOf({ build }: TaskMutant, from: number, count: number): string | undefined {
  for (let seed = from; seed < from + count; seed++) {
    const [violation] = runTasks(seed, build).violations;
    if (violation !== undefined) return violation.invariant;
  }
  return undefined;
}
