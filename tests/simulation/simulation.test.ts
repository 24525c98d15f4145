import { expect, test } from "vitest";
import { killerOf, runSeeds } from "./hunt.ts";
import { mutants } from "./mutants.ts";
import { planOf } from "@foedus/kernel/simulation/plan.ts";
import { shrink } from "@foedus/kernel/simulation/shrink.ts";
import { runPlan, runSeed } from "@foedus/kernel/simulation/world.ts";

const patienceMs = 120_000;
const seedsMax = 60;

test("fifty worlds keep every invariant", { timeout: patienceMs }, () => {
  const { failed, ops, acked } = runSeeds(1, 50);
  expect(failed.map(({ seed, violations }) => ({ seed, first: violations[0] }))).toEqual([]);
  expect(ops).toBeGreaterThan(20_000);
  expect(acked).toBeGreaterThan(ops * 0.9);
});

test("a seed replays exactly", { timeout: patienceMs }, () => {
  for (const seed of [4, 5]) expect(runSeed(seed)).toEqual(runSeed(seed));
});

test(
  "a world goes the same, whether its frames are encoded or not",
  { timeout: patienceMs },
  () => {
    const [plain, encoded] = [false, true].map((isEncoded) => runPlan({ ...planOf(6), isEncoded }));
    expect(encoded).toEqual(plain);
  },
);

test.each(mutants)("$name is noticed", { timeout: patienceMs }, (mutant) => {
  // The seed that is known to notice it comes first; a change of the core may need another.
  const first = killerOf(mutant, mutant.seed, 1);
  const killer = first ?? killerOf(mutant, 1, seedsMax);
  expect(killer?.violations[0]?.invariant).toMatch(/^INV-/);
});

test("a failure shrinks to the faults it takes", { timeout: patienceMs }, () => {
  const mutant = mutants.find(({ name }) => name === "no wait on re-home");
  if (mutant === undefined) throw new Error("no such mutant");
  const plan = planOf(mutant.seed, 2000);
  const least = shrink(plan, mutant.build);
  expect(least.report.violations.length).toBeGreaterThan(0);
  expect(least.plan.faults.length).toBeLessThan(plan.faults.length / 2);
});
