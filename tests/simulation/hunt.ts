import { soundBuild, type Build } from "@foedus/kernel/simulation/build.ts";
import type { Mutant } from "./mutants.ts";
import { runSeed, type Report } from "@foedus/kernel/simulation/world.ts";

/** How many worlds went how. */
export interface Tally {
  readonly seeds: number;
  readonly ops: number;
  readonly acked: number;
  readonly frames: number;
  readonly failed: readonly Report[];
  readonly incidents: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
}

/** A world in which something wrong was noticed. */
export type Killer = Pick<Report, "seed" | "violations">;

/** Runs one seed after the other. */
export function runSeeds(from: number, count: number, build: Build = soundBuild): Tally {
  const counts = { incidents: counter(), faults: counter(), refused: counter() };
  const failed: Report[] = [];
  let [ops, acked, frames] = [0, 0, 0];
  for (let seed = from; seed < from + count; seed++) {
    const report = runSeed(seed, build);
    ops += report.ops;
    acked += report.acked;
    frames += report.frames;
    if (report.violations.length > 0) failed.push(report);
    for (const what of ["incidents", "faults", "refused"] as const) {
      for (const [name, times] of report[what]) {
        counts[what].set(name, (counts[what].get(name) ?? 0) + times);
      }
    }
  }
  return { seeds: count, ops, acked, frames, failed, ...counts };
}

function counter(): Map<string, number> {
  return new Map();
}

/** The first seed that shows a mutant is wrong, and how; undefined if none of so many does. */
export function killerOf({ build }: Mutant, from: number, seedsMax: number): Killer | undefined {
  for (let seed = from; seed < from + seedsMax; seed++) {
    const report = tried(seed, build);
    if (report.violations.length > 0) return report;
  }
  return undefined;
}

/** What breaks down altogether has been noticed too. */
function tried(seed: number, build: Build): Killer {
  try {
    return runSeed(seed, build);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { seed, violations: [{ invariant: "threw", what, ms: 0 }] };
  }
}
