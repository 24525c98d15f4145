import type { Build } from "./build.ts";
import type { Plan } from "./plan.ts";
import { runPlan, type Report } from "./world.ts";

/** The same failure with as few faults as it takes: halves first, then one by one. */
export function shrink(
  plan: Plan,
  build: Build,
  onFewer?: (faults: number) => void,
): { readonly plan: Plan; readonly report: Report } {
  let least = { plan, report: runPlan(plan, build) };
  for (let size = Math.ceil(plan.faults.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < least.plan.faults.length;) {
      const faults = least.plan.faults.toSpliced(at, size);
      const fewer = { ...least.plan, faults };
      const report = runPlan(fewer, build);
      if (report.violations.length === 0) {
        at += size;
        continue;
      }
      least = { plan: fewer, report };
      onFewer?.(faults.length);
    }
  }
  return least;
}
