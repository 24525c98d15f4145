import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { heard, verdictOf, type Said } from "@foedus/kernel/task/hold.ts";
import { isHoldName } from "@foedus/kernel/task/named.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage, SweepTx } from "../../runtime/storage/storage.ts";
import { completeTasks } from "./complete.store.ts";
import { findDone, keyOf, lockWithParents } from "./lock.store.ts";
import { budgetUsed, renewTasks } from "./renew.store.ts";
import type { Stored } from "./row.store.ts";
import { Changes, type Saved } from "./save.store.ts";

/** A worker's word about one task of its tenant. */
export interface TaskReport extends Said {
  readonly tenant: TenantId;
  readonly id: string;
}

/** What became of a word. */
export interface TaskReceipt {
  readonly verdict: Verdict;
  /** Whether the worker is to stop, and why. */
  readonly stop: string | undefined;
  /** How long the hold lasts now; undefined when it is over. */
  readonly leaseMs: number | undefined;
}

/** Calls whose words are stored together; each brings at most 256. */
const callsMax = 16;

/** Statements that go on beside each other: while one waits for the disk another one works. */
const lanes = 2;

/** Where words of one call are stored, beside those of others: answered in their order. */
export interface ReportWriter {
  /** Words of one node, which come to pass in the order of its calls. */
  add(reports: readonly TaskReport[]): Promise<TaskReceipt[]>;
}

/**
 * Stores what workers say, of many in a few statements. Signs of life and results of tasks that
 * nobody waits for go the short way; everything else is locked, judged by the rules and written.
 */
export function reportWriter(
  storage: Storage,
  tell: (saved: Saved) => void = () => undefined,
): ReportWriter {
  const flush = async (calls: readonly (readonly TaskReport[])[]) => {
    const receipts = new Map<TaskReport, TaskReceipt>();
    // A hold that no table can hold is nobody's, and must not spoil the words of others.
    await store(storage, calls.flat().filter(isHoldName), receipts, tell);
    return calls.map((reports) => reports.map((report) => receipts.get(report) ?? unknown));
  };
  const groups = Array.from(
    { length: lanes },
    () => new GroupCommit<readonly TaskReport[], TaskReceipt[]>(flush, { itemsMax: callsMax }),
  );
  return {
    add: async (reports) => {
      const group = groups[laneOf(reports[0]?.nodeId ?? "")];
      return (await group?.add(reports)) ?? [];
    },
  };
}

/** One node's words stay in one lane. */
function laneOf(nodeId: string): number {
  let sum = 0;
  for (let at = 0; at < nodeId.length; at++) sum += nodeId.charCodeAt(at);
  return sum % lanes;
}

async function store(
  storage: Storage,
  reports: readonly TaskReport[],
  receipts: Map<TaskReport, TaskReceipt>,
  tell: (saved: Saved) => void,
): Promise<void> {
  const beats = reports.filter(({ word }) => word.case === "beat");
  const results = reports.filter(({ word }) => word.case === "result");
  const renewed = await onDeadlockAgain(() => renewTasks(storage, beats));
  for (const [report, receipt] of renewed) receipts.set(report, receipt);
  const taken = { verdict: Verdict.TAKEN, stop: undefined, leaseMs: undefined };
  const completed = await onDeadlockAgain(() => completeTasks(storage, results));
  for (const report of completed) receipts.set(report, taken);
  const rest = reports.filter((report) => !receipts.has(report));
  if (rest.length > 0) tell(await judge(storage, rest, receipts));
}

const unknown: TaskReceipt = { verdict: Verdict.UNKNOWN, stop: undefined, leaseMs: undefined };

async function judge(
  storage: Storage,
  reports: readonly TaskReport[],
  receipts: Map<TaskReport, TaskReceipt>,
): Promise<Saved> {
  return await onDeadlockAgain(() => storage.sweep((tx) => judgeIn(tx, reports, receipts)));
}

async function judgeIn(
  tx: SweepTx,
  reports: readonly TaskReport[],
  receipts: Map<TaskReport, TaskReceipt>,
): Promise<Saved> {
  const ending = reports.filter(({ word }) => word.case !== "beat");
  const live = await lockWithParents(tx.sql, reports, ending);
  const missing = reports.filter((report) => !live.has(keyOf(report)));
  const done = await findDone(tx.sql, missing);
  const changes = new Changes();
  for (const report of reports) {
    const stored = live.get(keyOf(report)) ?? done.get(keyOf(report));
    if (stored === undefined) continue;
    const now = changes.now(stored);
    const verdict = verdictOf(now.live.standing, report);
    if (verdict === Verdict.TAKEN) changes.move(stored, heard(now.live, report, tx.nowMs));
    receipts.set(report, receiptOf(verdict, changes.now(stored), report, tx.nowMs));
  }
  return await changes.save(tx);
}

function receiptOf(
  verdict: Verdict,
  { live }: Stored,
  { word, spent }: TaskReport,
  nowMs: number,
): TaskReceipt {
  const { attempt, cancellation, spent: before } = live.standing;
  if (verdict !== Verdict.TAKEN || word.case !== "beat" || attempt === undefined) {
    return { verdict, stop: undefined, leaseMs: undefined };
  }
  const limit = live.terms.budgetLimit ?? Number.POSITIVE_INFINITY;
  const isOver = before + spent > limit;
  const stop = cancellation?.reason ?? (isOver ? budgetUsed : undefined);
  return { verdict, stop, leaseMs: attempt.leaseMs - nowMs };
}
