import { lineOf } from "@foedus/kernel/task/line.ts";
import { wakeMs } from "@foedus/kernel/task/due.ts";
import {
  CancellationSchema,
  FailureSchema,
  PayloadSchema,
  ProgressSchema,
  TaskSpecSchema,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { toBody } from "../../runtime/storage/body.ts";
import type { Stored } from "./row.store.ts";

/** A column, and what a task puts there. */
export interface Column {
  readonly name: string;
  readonly type: string;
  of(stored: Stored): unknown;
}

type Standing = Stored["live"]["standing"];

function column(name: string, type: string, of: (stored: Stored) => unknown): Column {
  return { name, type, of };
}

function standing(name: string, type: string, of: (standing: Standing) => unknown): Column {
  return { name, type, of: ({ live }) => of(live.standing) ?? null };
}

/** What is written once. `labels` come as JSON, since arrays of arrays lose their bounds. */
export const fixedColumns: readonly Column[] = [
  column("tenant_id", "text", ({ tenant }) => tenant),
  column("id", "text", ({ live }) => live.id),
  column("queue", "text", ({ queue }) => queue),
  column("kind", "text", ({ spec }) => spec.kind),
  column("line", "uuid", ({ line }) => line),
  column("priority", "smallint", ({ spec }) => spec.priority),
  column("fairness_key", "text", ({ spec }) => spec.fairnessKey),
  column("unique_key", "text", ({ spec }) => spec.uniqueKey || null),
  column("parent_id", "text", ({ spec }) => spec.parentId || null),
  column("schedule_id", "text", ({ scheduleId }) => scheduleId || null),
  column("labels", "jsonb", ({ spec }) => JSON.stringify(labelTexts(spec.labels))),
  column("submitter", "text", ({ live }) => live.terms.submitter),
  column("create_ms", "bigint", ({ live }) => live.terms.createMs),
  column("first_state", "smallint", ({ live }) => live.terms.firstState),
  column("attempt_ms", "bigint", ({ live }) => live.terms.attemptMs),
  column("heartbeat_ms", "bigint", ({ live }) => live.terms.heartbeatMs),
  column("budget_limit", "bigint", ({ live }) => live.terms.budgetLimit ?? null),
  column("body", "bytea", ({ spec }) => toBody(TaskSpecSchema, spec)),
];

/** What changes as a task goes on. */
export const movingColumns: readonly Column[] = [
  standing("state", "smallint", ({ state }) => state),
  standing("turn", "double precision", ({ turn }) => turn),
  standing("revision", "integer", ({ revision }) => revision),
  standing("attempts", "integer", ({ attempts }) => attempts),
  standing("returns", "integer", ({ returns }) => returns),
  standing("fence", "integer", ({ fence }) => fence),
  standing("blockers", "integer", ({ blockers }) => blockers),
  standing("told", "smallint", ({ told }) => told),
  standing("until_ms", "bigint", ({ untilMs }) => untilMs),
  standing("ready_ms", "bigint", ({ readyMs }) => readyMs),
  standing("due_ms", "bigint", ({ dueMs }) => dueMs),
  column("wake_ms", "bigint", ({ live }) => wakeMs(live) ?? null),
  standing("hold_fence", "integer", ({ attempt }) => attempt?.fence),
  standing("node_id", "text", ({ attempt }) => attempt?.nodeId),
  standing("worker", "text", ({ attempt }) => attempt?.worker),
  standing("claim_id", "uuid", ({ attempt }) => attempt?.claimId),
  standing("claim_ms", "bigint", ({ attempt }) => attempt?.claimMs),
  standing("lease_ms", "bigint", ({ attempt }) => attempt?.leaseMs),
  standing("hold_end_ms", "bigint", ({ attempt }) => attempt?.endMs),
  standing("hold_failure", "bytea", ({ attempt }) => {
    return attempt?.failure && toBody(FailureSchema, attempt.failure);
  }),
  standing("progress", "bytea", ({ progress }) => progress && toBody(ProgressSchema, progress)),
  standing("spent", "bigint", ({ spent }) => spent),
  standing("cancellation", "bytea", ({ cancellation }) => {
    return cancellation && toBody(CancellationSchema, cancellation);
  }),
];

/** What only those have that ended. */
export const endColumns: readonly Column[] = [
  standing("day", "date", ({ endMs }) => utcDay(endMs ?? 0)),
  standing("end_ms", "bigint", ({ endMs }) => endMs),
  standing("failure", "bytea", ({ failure }) => failure && toBody(FailureSchema, failure)),
  standing("result", "bytea", ({ result }) => result && toBody(PayloadSchema, result)),
];

/** `unnest(…) as u (…)` of these columns of these tasks, with their names. */
export function unnested(columns: readonly Column[], all: readonly Stored[]) {
  const arrays = columns.map(({ type, of }) => sql`${all.map(of)}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(arrays)}) as u (${namesOf(columns)})`;
}

/** The names of columns, each after a prefix such as `u.`. */
export function namesOf(columns: readonly Column[], prefix = "") {
  return sql.raw(columns.map(({ name }) => `${prefix}${name}`).join(", "));
}

/** Labels as SQL compares them: a name may have any sign in it, so its length comes first. */
export function labelTexts(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name.length}:${name}=${value}`);
}

/** The line of a spec: its id. */
export function lineIdOf({ spec }: Pick<Stored, "spec">): string {
  return lineOf(spec).id;
}
