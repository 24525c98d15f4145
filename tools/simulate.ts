// Many federations on one thread: `node tools/simulate.ts --seeds 500`, `--seed 7` for one of them
// with its failure shrunk, `--mutants` for what a wrong core is caught by. Worlds of tasks instead:
// `node tools/simulate.ts tasks --seeds 500`.
import { parseArgs } from "node:util";
import { soundBuild } from "@foedus/kernel/simulation/build.ts";
import { killerOf, runSeeds } from "../tests/simulation/hunt.ts";
import { mutants } from "../tests/simulation/mutants.ts";
import { planOf } from "@foedus/kernel/simulation/plan.ts";
import { shrink } from "@foedus/kernel/simulation/shrink.ts";
import { runSeed } from "@foedus/kernel/simulation/world.ts";
import { manyTasks, replayTasks, tableOfTaskMutants } from "./simulate.tasks.ts";

const stepSeeds = 100;
const mutantSeedsMax = 60;
const shownMax = 5;
const toldEvery = 1000;
const nameWidth = 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "50" },
    from: { type: "string", default: "1" },
    mutants: { type: "boolean", default: false },
    counts: { type: "boolean", default: false },
  },
});

if (positionals[0] === "tasks") tasks();
else if (values.seed !== undefined) replay(Number(values.seed));
else if (values.mutants) tableOfMutants(Number(values.from));
else many(Number(values.from), Number(values.seeds));

function tasks(): void {
  if (values.seed !== undefined) replayTasks(Number(values.seed));
  else if (values.mutants) tableOfTaskMutants(Number(values.from));
  else manyTasks(Number(values.from), Number(values.seeds), values.counts);
}

function replay(seed: number): void {
  const { violations, ops, frames } = runSeed(seed);
  console.log(`seed ${seed}: ${ops} ops, ${frames} messages, ${violations.length} violations`);
  if (violations.length === 0) return;
  const { plan, report } = shrink(planOf(seed), soundBuild);
  console.log(`shrunk to ${plan.faults.length} faults:`);
  for (const { ms, kind, forMs } of plan.faults) console.log(`  ${ms} ms: ${kind} (${forMs} ms)`);
  for (const each of report.violations.slice(0, shownMax)) {
    console.log(`  ${each.invariant} at ${each.ms} ms: ${each.what}`);
  }
  process.exitCode = 1;
}

function many(from: number, count: number): void {
  let [ops, acked, frames, failures] = [0, 0, 0, 0];
  const counts = new Map<string, number>();
  for (let at = from; at < from + count; at += stepSeeds) {
    const tally = runSeeds(at, Math.min(stepSeeds, from + count - at));
    ops += tally.ops;
    acked += tally.acked;
    frames += tally.frames;
    failures += tally.failed.length;
    for (const [name, times] of [...tally.faults, ...tally.incidents, ...tally.refused]) {
      counts.set(name, (counts.get(name) ?? 0) + times);
    }
    const done = at + tally.seeds - from;
    if (done % toldEvery === 0)
      console.error(`${done} seeds, ${failures} failed, ${ops} ops, ${frames} messages`);
    for (const { seed, violations } of tally.failed) {
      const [first] = violations;
      console.log(`seed ${seed} failed: ${first?.invariant} at ${first?.ms} ms: ${first?.what}`);
    }
  }
  console.log(
    `${count} seeds from ${from}: ${failures} failed; ` +
      `${ops} ops, ${acked} of them acknowledged, ${frames} messages`,
  );
  if (values.counts) {
    for (const name of [...counts.keys()].toSorted()) {
      console.log(`${name.padEnd(nameWidth)} ${counts.get(name)}`);
    }
  }
  if (failures > 0) process.exitCode = 1;
}

function tableOfMutants(from: number): void {
  for (const mutant of mutants) {
    const killer = killerOf(mutant, from, mutantSeedsMax);
    const first = killer?.violations[0];
    const how = killer ? `seed ${killer.seed}: ${first?.invariant}, ${first?.what}` : "SURVIVED";
    console.log(`${mutant.name.padEnd(28)} ${how}`);
    if (killer === undefined) process.exitCode = 1;
  }
}
