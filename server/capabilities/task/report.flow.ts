import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ReportSchema, Verdict, type HoldSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { isLast, reportOf } from "./assign.flow.ts";
import type { Crew, Mate } from "./crew.flow.ts";
import type { Crews } from "./crews.loop.ts";
import type { Desk } from "./desk.loop.ts";
import type { TaskKit } from "./kit.flow.ts";
import type { Nodes } from "./nodes.flow.ts";
import type { Pace } from "./pace.loop.ts";
import type { ReportWriter, TaskReceipt, TaskReport } from "./report.store.ts";
import type { Stored } from "./row.store.ts";

/** What doing work takes. */
export interface WorkKit extends TaskKit {
  readonly desk: Desk;
  readonly crew: Crew;
  readonly crews: Pick<Crews, "list">;
  readonly nodes: Nodes;
  readonly reports: ReportWriter;
  readonly pace: Pace;
}

/** A worker has these from now on. */
export function give(kit: WorkKit, mate: Mate, tasks: readonly Stored[]): void {
  for (const { tenant, queue, spec, live } of tasks) {
    const { attempt, readyMs } = live.standing;
    const { fence = 0, leaseMs = 0 } = attempt ?? {};
    const held = { fence, queue, kind: spec.kind, ...(mate.line === undefined && { leaseMs }) };
    kit.crew.holds(mate, live.id, held);
    kit.news.changed(`${tenant}/${live.id}`);
    const claimMs = attempt?.claimMs ?? 0;
    kit.pace.waited(tenant, queue, Math.max(0, claimMs - (readyMs ?? claimMs)));
  }
}

type ReportKit = Pick<WorkKit, "reports" | "crew" | "news" | "hub">;

/** Stores words of one caller, beside those of others; resolves once they are durable. */
export async function report(
  kit: ReportKit,
  reports: readonly TaskReport[],
): Promise<TaskReceipt[]> {
  const receipts = await kit.reports.add(reports);
  for (const [at, receipt] of receipts.entries()) {
    const said = reports[at];
    if (said !== undefined) note(kit, said, receipt);
  }
  return receipts;
}

/** Reports that go together at most. */
export const reportsMax = 256;

/** Tasks that a worker never heard of are ready again, and their attempt does not count. */
export async function giveBack(
  kit: ReportKit,
  { tenant, node }: Mate,
  holds: readonly MessageInitShape<typeof HoldSchema>[],
): Promise<void> {
  for (let at = 0; at < holds.length; at += reportsMax) {
    const reports = holds.slice(at, at + reportsMax).map((hold) => {
      const returned = create(ReportSchema, { hold, said: { case: "returned", value: true } });
      return reportOf(tenant, node.nodeId, returned);
    });
    await report(kit, reports);
  }
}

/** Keeps what is remembered of the worker up to date. */
function note(kit: ReportKit, said: TaskReport, receipt: TaskReceipt): void {
  const { tenant, id, fence, word } = said;
  const isTaken = receipt.verdict === Verdict.TAKEN;
  const isBeat = word.case === "beat";
  if (isTaken && !(isBeat && word.progress === undefined)) kit.news.changed(`${tenant}/${id}`);
  const mate = kit.crew.holderOf(tenant, id);
  if (mate === undefined || mate.node.nodeId !== said.nodeId) return;
  const nowMs = kit.hub.storage.nowMs();
  mate.seenMs = nowMs;
  const held = mate.holds.get(id);
  if (isTaken && word.case === "beat" && held?.fence === fence) {
    if (word.progress !== undefined) held.spent = said.spent;
    if (held.leaseMs !== undefined) held.leaseMs = nowMs + (receipt.leaseMs ?? 0);
  }
  if (isTaken && word.case === "result") mate.completed += 1;
  if (isTaken && word.case === "failure") mate.failed += 1;
  if (isLast(said, receipt)) kit.crew.drop(mate, id, fence);
}
