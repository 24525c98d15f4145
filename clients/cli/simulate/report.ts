import type { JsonObject } from "@bufbuild/protobuf";
import { invariants } from "@foedus/kernel/simulation/invariants.ts";
import type { Plan } from "@foedus/kernel/simulation/plan.ts";
import type { Report } from "@foedus/kernel/simulation/world.ts";
import { bad, good, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";

const shownMax = 5;
const secondMs = 1000;

/** How a world went, for people. */
export async function showReport(
  print: Print,
  plan: Plan,
  report: Report,
  tookMs: number,
): Promise<void> {
  const { nodes, agents, processes } = crowd(plan, report);
  await print.pairs([
    ["Seed", String(plan.seed)],
    ["Hubs", `${plan.hubs.length}, served by ${processes} processes`],
    ["Nodes", `${nodes}, and ${agents} agents that came and went`],
    ["Time", `${seconds(report.ms)} in the world, ${seconds(tookMs)} here`],
    ["Ops", `${report.ops} stored, ${report.acked} acknowledged${lostText(report)}`],
    ["Messages", `${report.frames}, ${report.bytes} bytes`],
  ]);
  print.line();
  await print.table(["WHAT WENT WRONG", "TIMES"], countsOf(report.faults));
  if (report.refused.size > 0) {
    print.line();
    await print.table(["OPS REFUSED", "TIMES"], countsOf(report.refused));
  }
  if (report.incidents.size > 0) {
    print.line();
    await print.table(["INCIDENTS", "TIMES"], countsOf(report.incidents));
  }
  print.line();
  await print.table(["INVARIANT", "HOLDS", "WHAT IT SAYS"], invariantRows(report));
  for (const { invariant, ms, what } of report.violations.slice(0, shownMax)) {
    print.line(bad(invariant), ` at ${ms} ms: ${what}`);
  }
}

function lostText({ lost }: Report): string {
  return lost === 0 ? "" : `, ${lost} of them only on a disk that was lost`;
}

/** The fewest faults that a failure takes, for people. */
export async function showShrunk(
  print: Print,
  { plan, report }: { readonly plan: Plan; readonly report: Report },
): Promise<void> {
  print.line();
  if (plan.faults.length === 0) {
    print.line("It fails although nothing goes wrong.");
    return;
  }
  const rows = plan.faults.map(({ ms, kind, forMs }) => [`${ms} ms`, kind, `${forMs} ms`]);
  await print.table(["AT", "IT STILL FAILS WITH", "FOR"], rows);
  const [first] = report.violations;
  if (first !== undefined) print.line(bad(first.invariant), ` at ${first.ms} ms: ${first.what}`);
}

/** How a world went, for programs. */
export function reportJson(
  plan: Plan,
  report: Report,
  tookMs: number,
  command: string,
  least: Plan | undefined,
): JsonObject {
  const { seed, ops, acked, lost, frames, bytes, ms } = report;
  const { faults, refused, incidents } = report;
  const counted = { faults: plain(faults), refused: plain(refused), incidents: plain(incidents) };
  const shrunk = least?.faults.map((fault) => ({ ...fault }));
  return {
    seed,
    command,
    hubs: plan.hubs.length,
    ...crowd(plan, report),
    worldMs: ms,
    tookMs: Math.round(tookMs),
    ops,
    acked,
    lost,
    messages: frames,
    bytes,
    ...counted,
    invariants: Object.fromEntries(
      Object.keys(invariants).map((name) => [name, brokenTimes(report, name) === 0]),
    ),
    violations: report.violations.map((violation) => ({ ...violation })),
    ...(shrunk === undefined ? {} : { shrunk }),
  };
}

function crowd(plan: Plan, report: Report) {
  const nodes = plan.people.length;
  const processes = plan.hubs.reduce((sum, hub) => sum + hub.processes, 0);
  return { nodes, agents: report.replicas - nodes, processes };
}

function countsOf(counts: ReadonlyMap<string, number>): string[][] {
  const sorted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, times]) => [name, String(times)]);
}

function plain(counts: ReadonlyMap<string, number>): JsonObject {
  return Object.fromEntries(counts);
}

function invariantRows(report: Report): Piece[][] {
  return Object.entries(invariants).map(([name, says]) => {
    const times = brokenTimes(report, name);
    return [name, times === 0 ? good("✓") : bad(`✗ ${times}`), says];
  });
}

function brokenTimes({ violations }: Report, name: string): number {
  return violations.filter(({ invariant }) => invariant === name).length;
}

function seconds(ms: number): string {
  return `${(ms / secondMs).toFixed(1)} s`;
}
