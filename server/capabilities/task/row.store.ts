import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Rows } from "@foedus/gen/rows";
import {
  AttemptSchema,
  CancellationSchema,
  FailureSchema,
  PayloadSchema,
  ProgressSchema,
  TaskSchema,
  TaskSpecSchema,
  type Task,
  type TaskSpec,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Attempted, Live } from "@foedus/kernel/task/standing.ts";
import { termsOf } from "@foedus/kernel/task/submit.ts";
import type { Selectable } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";

/** A row of a task that lives. */
export type TaskRow = Selectable<Rows["task"]>;
/** A row of a task that ended. */
export type DoneRow = Selectable<Rows["task_done_log"]>;
/** What columns have copies of for SQL alone. */
type Copied =
  | ("kind" | "priority" | "fairness_key" | "unique_key" | "parent_id" | "labels")
  | ("attempt_ms" | "heartbeat_ms" | "budget_limit" | "wake_ms");
/** What of a row makes a task. */
export type ReadRow = Omit<TaskRow, Copied | "returns"> &
  Partial<Pick<DoneRow, "end_ms" | "failure" | "result" | "returns">>;

/** A task as it is stored: what rules see of it, and what they do not. */
export interface Stored {
  readonly tenant: string;
  readonly queue: string;
  readonly line: string;
  readonly spec: TaskSpec;
  readonly scheduleId: string;
  /** Whether others wait for it. */
  readonly followed: boolean;
  readonly live: Live;
}

/** The task of a row of either table; its spec is decoded for whoever reads it. */
export function storedOf(row: ReadRow): Stored {
  let spec: TaskSpec | undefined;
  const specOf = () => (spec ??= fromBody(TaskSpecSchema, row.body));
  return {
    tenant: row.tenant_id,
    queue: row.queue,
    line: row.line,
    get spec() {
      return specOf();
    },
    scheduleId: row.schedule_id ?? "",
    followed: row.followed,
    live: liveOf(row, specOf),
  };
}

function liveOf(row: ReadRow, specOf: () => TaskSpec): Live {
  const { submitter, first_state: firstState } = row;
  let terms: Live["terms"] | undefined;
  const given = { submitter, createMs: Number(row.create_ms), firstState };
  return {
    id: row.id,
    get terms() {
      return (terms ??= termsOf(specOf(), given));
    },
    standing: standingOf(row),
  };
}

function standingOf(row: ReadRow): Live["standing"] {
  return {
    state: row.state,
    revision: row.revision,
    turn: row.turn,
    attempts: row.attempts,
    returns: row.returns ?? 0,
    fence: row.fence,
    blockers: row.blockers,
    told: row.told,
    untilMs: msOf(row.until_ms),
    readyMs: msOf(row.ready_ms),
    dueMs: msOf(row.due_ms),
    attempt: attemptOf(row),
    progress: row.progress === null ? undefined : fromBody(ProgressSchema, row.progress),
    spent: Number(row.spent),
    cancellation:
      row.cancellation === null ? undefined : fromBody(CancellationSchema, row.cancellation),
    endMs: msOf(row.end_ms ?? null),
    failure: row.failure ? fromBody(FailureSchema, row.failure) : undefined,
    result: row.result ? fromBody(PayloadSchema, row.result) : undefined,
  };
}

function attemptOf(row: ReadRow): Attempted | undefined {
  if (row.hold_fence === null) return undefined;
  return {
    fence: row.hold_fence,
    nodeId: row.node_id ?? "",
    worker: row.worker ?? "",
    claimId: row.claim_id ?? "",
    claimMs: Number(row.claim_ms),
    leaseMs: Number(row.lease_ms),
    endMs: msOf(row.hold_end_ms),
    failure: row.hold_failure === null ? undefined : fromBody(FailureSchema, row.hold_failure),
  };
}

function msOf(ms: bigint | null): number | undefined {
  return ms === null ? undefined : Number(ms);
}

/** So many are read with what they carry; then only what rules look at is kept. */
export const readMax = 50;

/** Rules ask for everything of a task but its payload, which may be large. */
export function withoutPayload(stored: Stored): Stored {
  const { tenant, queue, line, scheduleId, followed, live } = stored;
  const { id, terms, standing } = live;
  const spec = { ...stored.spec, payload: undefined };
  return { tenant, queue, line, spec, scheduleId, followed, live: { id, terms, standing } };
}

/** A stored task as others see it, whole. */
export function taskOf({ live, spec, scheduleId }: Stored, waitsFor: string[] = []): Task {
  const { id, terms, standing } = live;
  const { budget } = spec;
  const spent = BigInt(standing.spent);
  return create(TaskSchema, {
    id,
    spec: { ...spec, budget: budget && { ...budget, spent } },
    state: standing.state,
    submitter: terms.submitter,
    scheduleId,
    createTime: timestampFromMs(terms.createMs),
    readyTime: timeOf(standing.readyMs),
    nextAttemptTime: timeOf(standing.dueMs),
    endTime: timeOf(standing.endMs),
    turn: standing.turn,
    attempt: attemptShown(standing),
    result: standing.result,
    failure: standing.failure,
    cancellation: standing.cancellation,
    waitsFor,
    revision: BigInt(standing.revision),
  });
}

function attemptShown({ attempt, attempts, progress }: Live["standing"]) {
  if (attempt === undefined) return undefined;
  return create(AttemptSchema, {
    number: attempts,
    fence: BigInt(attempt.fence),
    nodeId: attempt.nodeId,
    worker: attempt.worker,
    claimTime: timestampFromMs(attempt.claimMs),
    leaseExpireTime: timestampFromMs(attempt.leaseMs),
    progress,
    endTime: timeOf(attempt.endMs),
    failure: attempt.failure,
  });
}

function timeOf(ms: number | undefined) {
  return ms === undefined ? undefined : timestampFromMs(ms);
}
