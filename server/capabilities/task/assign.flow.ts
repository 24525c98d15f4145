import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  AssignmentSchema,
  ReceiptSchema,
  Verdict,
  type Assignment,
  type Receipt,
  type Report,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { attemptEndMs, nearest } from "@foedus/kernel/task/due.ts";
import type { Said } from "@foedus/kernel/task/hold.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { TaskReceipt, TaskReport } from "./report.store.ts";
import { taskOf, type Stored } from "./row.store.ts";

/** A held task as its worker gets it. */
export function assignmentOf(stored: Stored, nowMs: number): Assignment {
  const { id, terms, standing } = stored.live;
  const { attempt, untilMs } = standing;
  const endMs = attempt === undefined ? undefined : attemptEndMs(terms, attempt.claimMs);
  const nearestMs = nearest(endMs, untilMs);
  return create(AssignmentSchema, {
    task: taskOf(stored),
    hold: { taskId: id, fence: BigInt(attempt?.fence ?? 0) },
    lease: durationFromMs(Math.max(0, (attempt?.leaseMs ?? nowMs) - nowMs)),
    timeLeft: nearestMs === undefined ? undefined : durationFromMs(Math.max(0, nearestMs - nowMs)),
  });
}

/** A worker's word as the store takes it; who says it is proved by the transport. */
export function reportOf(tenant: TenantId, nodeId: string, report: Report): TaskReport {
  const { hold, spent } = report;
  const word = wordOf(report);
  const progress = word.case === "beat" ? word.progress?.spent : undefined;
  return {
    tenant,
    id: hold?.taskId ?? "",
    // As far as numbers go: no fence comes near, and its receipt has to be an int64 again.
    fence: Math.min(Number(hold?.fence ?? 0n), Number.MAX_SAFE_INTEGER),
    nodeId,
    spent: Number(progress ?? spent),
    word,
  };
}

function wordOf({ said }: Report): Said["word"] {
  if (said.case === "result") return { case: "result", result: said.value };
  if (said.case === "failure") return { case: "failure", failure: said.value };
  if (said.case === "returned") return { case: "returned" };
  return { case: "beat", progress: said.value };
}

/** Whether a hold is over after this. */
export function isLast(report: TaskReport, { verdict }: TaskReceipt): boolean {
  return report.word.case !== "beat" || verdict !== Verdict.TAKEN;
}

/** What the worker hears of its word. */
export function receiptOf(report: TaskReport, receipt: TaskReceipt): Receipt {
  const { verdict, stop, leaseMs } = receipt;
  const init: MessageInitShape<typeof ReceiptSchema> = {
    hold: { taskId: report.id, fence: BigInt(report.fence) },
    verdict,
    detail: details.get(verdict) ?? "",
    cancelRequested: stop !== undefined,
    cancelReason: stop ?? "",
    lease: leaseMs === undefined ? undefined : durationFromMs(Math.max(0, leaseMs)),
  };
  return create(ReceiptSchema, init);
}

const details = new Map<Verdict, string>([
  [Verdict.LOST, "the hold is over: it lapsed, or the task ended"],
  [Verdict.UNKNOWN, "there is no such task here, or another node holds it"],
]);
