import { expect, test } from "vitest";
import { taskInvariants } from "./task.judge.ts";
import { runTaskSeeds, taskKillerOf } from "./task.hunt.ts";
import { taskMutants } from "./task.mutants.ts";
import { runTasks } from "./task.world.ts";

const patienceMs = 600_000;
const seeds = 200;
const seedsMax = 60;
const allFaults = [
  "a queue gets a rate",
  "a queue is paused",
  "a hub crashes",
  "a worker crashes",
  "a worker is cut off",
  "a worker stalls",
  "a worker's clock jumps",
  "answers are lost",
  "dead letters are tried again",
  "the network is slow",
  "words come twice",
];

test(
  "two hundred worlds of tasks keep every invariant, and all that can go wrong does",
  { timeout: patienceMs },
  () => {
    const tally = runTaskSeeds(1, seeds);
    const { tasks, completed, failed, canceled, retaken } = tally;
    expect(tally.wrong.map(({ seed, violations }) => ({ seed, first: violations[0] }))).toEqual([]);
    expect([...tally.faults.keys()].toSorted()).toEqual(allFaults.toSorted());
    expect(completed + failed + canceled).toBe(tasks);
    for (const each of [failed, canceled, retaken]) expect(each).toBeGreaterThan(seeds);
    expect(completed).toBeGreaterThan(tasks * 0.8);
  },
);

test("a seed replays exactly", { timeout: patienceMs }, () => {
  expect(runTasks(7)).toEqual(runTasks(7));
});

test.each(taskMutants)("$name is noticed", { timeout: patienceMs }, (mutant) => {
  // The seed that is known to notice it comes first; a change of the rules may need another.
  const killer = taskKillerOf(mutant, mutant.seed, 1) ?? taskKillerOf(mutant, 1, seedsMax);
  expect(Object.keys(taskInvariants)).toContain(killer?.invariant);
});
