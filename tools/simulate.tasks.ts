// Worlds of tasks: clients, workers and hubs over one database, out of a seed.
import { runTaskSeeds, taskKillerOf } from "../tests/simulation/task.hunt.ts";
import { taskMutants } from "../tests/simulation/task.mutants.ts";
import { runTasks } from "../tests/simulation/task.world.ts";

const stepSeeds = 100;
const toldEvery = 1000;
const mutantSeedsMax = 60;
const shownMax = 5;
const nameWidth = 44;

/** One world, and what went wrong in it. */
export function replayTasks(seed: number): void {
  const { tasks, completed, retaken, violations } = runTasks(seed);
  console.log(
    `seed ${seed}: ${tasks} tasks, ${completed} completed, ${retaken} taken back, ` +
      `${violations.length} violations`,
  );
  for (const { invariant, ms, what } of violations.slice(0, shownMax)) {
    console.log(`  ${invariant} at ${ms} ms: ${what}`);
  }
  if (violations.length > 0) process.exitCode = 1;
}

/** Many of them. */
export function manyTasks(from: number, count: number, showsCounts: boolean): void {
  const sums = { tasks: 0, completed: 0, failed: 0, canceled: 0, retaken: 0, wrong: 0 };
  const counts = new Map<string, number>();
  for (let at = from; at < from + count; at += stepSeeds) {
    const tally = runTaskSeeds(at, Math.min(stepSeeds, from + count - at));
    for (const name of ["tasks", "completed", "failed", "canceled", "retaken"] as const) {
      sums[name] += tally[name];
    }
    sums.wrong += tally.wrong.length;
    for (const [name, times] of tally.faults) counts.set(name, (counts.get(name) ?? 0) + times);
    for (const { seed, violations } of tally.wrong) {
      const [first] = violations;
      console.log(`seed ${seed} failed: ${first?.invariant} at ${first?.ms} ms: ${first?.what}`);
    }
    const done = at + tally.seeds - from;
    if (done % toldEvery === 0) console.error(`${done} seeds, ${sums.wrong} failed`);
  }
  console.log(
    `${count} seeds from ${from}: ${sums.wrong} failed; ${sums.tasks} tasks, ` +
      `${sums.completed} completed, ${sums.failed} dead letters, ${sums.canceled} called off, ` +
      `${sums.retaken} taken back`,
  );
  if (showsCounts) {
    for (const name of [...counts.keys()].toSorted()) {
      console.log(`${name.padEnd(nameWidth)} ${counts.get(name)}`);
    }
  }
  if (sums.wrong > 0) process.exitCode = 1;
}

/** What each wrong rule is caught by. */
export function tableOfTaskMutants(from: number): void {
  for (const mutant of taskMutants) {
    const killer = taskKillerOf(mutant, from, mutantSeedsMax);
    const how = killer ? `seed ${killer.seed}: ${killer.invariant}, ${killer.what}` : "SURVIVED";
    console.log(`${mutant.name.padEnd(nameWidth)} ${how}`);
    if (killer === undefined) process.exitCode = 1;
  }
}
