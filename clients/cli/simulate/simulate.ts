import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { soundBuild, type Build } from "@foedus/kernel/simulation/build.ts";
import { planOf, type Plan } from "@foedus/kernel/simulation/plan.ts";
import { shrink } from "@foedus/kernel/simulation/shrink.ts";
import { runPlan, type Progress, type Report } from "@foedus/kernel/simulation/world.ts";
import type { CliContext } from "../context.ts";
import { dim } from "../paint.ts";
import { showReport, showShrunk, reportJson } from "./report.ts";

/** What is typed. */
export interface SimulateOptions {
  readonly seed?: number;
  readonly hubs: number;
  readonly nodes: number;
  readonly minutes: number;
  readonly shrink?: boolean;
}

const minuteMs = 60_000;
const tellEach = 10;

/**
 * Runs one world and says how it went. `build` is the core it runs.
 *
 * @throws Fault SIMULATION_FAILED when an invariant did not hold.
 */
export async function simulate(
  context: CliContext,
  options: SimulateOptions,
  build: Build = soundBuild,
): Promise<void> {
  const { print } = context;
  const seed = options.seed ?? newSeed(context);
  const { hubs, nodes, minutes } = options;
  const command = `foedus simulate --seed ${seed} --hubs ${hubs} --nodes ${nodes} --minutes ${minutes}`;
  print.note(dim(command));
  const plan = planOf(seed, { hubs, nodes, chaosMs: minutes * minuteMs });
  const startMs = context.world.clock.monotonic();
  const report = runPlan(plan, build, progressTo(context));
  const tookMs = context.world.clock.monotonic() - startMs;
  const failed = report.violations.length > 0;
  const least = failed && options.shrink === true ? shrunk(context, plan, build) : undefined;
  if (print.output === "json") print.json(reportJson(plan, report, tookMs, command, least?.plan));
  else await showReport(print, plan, report, tookMs);
  if (!failed) return;
  if (least !== undefined && print.output === "text") await showShrunk(print, least);
  const broken = [...new Set(report.violations.map(({ invariant }) => invariant))].join(", ");
  throw new Fault(Reason.SIMULATION_FAILED, { seed: String(seed), broken, command });
}

function newSeed({ world }: CliContext): number {
  const [high = 0, low = 0] = world.random.bytes(2);
  return high * 256 + low;
}

/** A line now and then: whoever waits sees that it goes on. */
function progressTo({ print }: CliContext): Progress {
  let told = 0;
  return (ms, ofMs, ops) => {
    const share = Math.floor((ms / ofMs) * tellEach);
    if (share === told) return;
    told = share;
    print.note(dim(`${Math.round(ms / 1000)} of ${Math.round(ofMs / 1000)} s, ${ops} ops`));
  };
}

function shrunk({ print }: CliContext, plan: Plan, build: Build): { plan: Plan; report: Report } {
  print.note(dim(`shrinking: it fails with ${plan.faults.length} faults`));
  return shrink(plan, build, (left) => print.note(dim(`and with ${left}`)));
}
