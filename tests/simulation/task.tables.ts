import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  CancellationSchema,
  TaskSpecSchema,
  TaskState,
  type TaskSpec,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { canceled, retried } from "@foedus/kernel/task/decide.ts";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { hasEnded, needsTurn, type Holder, type Moved } from "@foedus/kernel/task/standing.ts";
import { submitted } from "@foedus/kernel/task/submit.ts";
import { stepOf } from "@foedus/kernel/task/turn.ts";
import { wakeMs } from "@foedus/kernel/task/due.ts";
import type { TaskBuild } from "./task.build.ts";
import { rate } from "./task.bounds.ts";
import { TaskJudge, type Row } from "./task.judge.ts";
import { TaskTurns } from "./task.turns.ts";

/** How long a hold lasts in these worlds. */
export const heartbeatMs = 4_000;
const retryMs = 300;

/** What a client wants. */
export interface Wish {
  readonly requestId: string;
  readonly id: string;
  readonly priority: number;
  readonly key: string;
  /** Not before so much later. */
  readonly delayMs: number;
  /** Requests whose tasks must be completed first; those that ended are not waited for. */
  readonly after: readonly string[];
  /** Attempts in all. */
  readonly attempts: number;
}

/** What a worker gets. */
export interface Given {
  readonly id: string;
  readonly fence: number;
}

/** Rows that a claim has read, to be written. */
export interface Read {
  readonly rows: readonly Row[];
  readonly fences: readonly number[];
}

/** The database of a simulated world: each method is one statement. Its clock is the only one. */
export class TaskTables {
  readonly rows = new Map<string, Row>();
  /** Those that have not ended. */
  readonly living = new Set<Row>();
  readonly judge: TaskJudge;
  readonly turns: TaskTurns;
  readonly #answers = new Map<string, string>();
  readonly #lanes = new Map<string, number>();
  /** Who waits for whom. */
  readonly #waits = new Map<string, Set<string>>();
  readonly #build: TaskBuild;
  readonly #nowMs: () => number;
  #turn = 0;
  #rateDueMs = 0;
  isPaused = false;
  isLimited = false;

  constructor(build: TaskBuild, nowMs: () => number) {
    this.#build = build;
    this.#nowMs = nowMs;
    this.judge = new TaskJudge(nowMs);
    this.turns = new TaskTurns(this, build.locksSchedules, nowMs);
  }

  /** Stores a task once for each request; says which one it is. */
  submit(wish: Wish): string {
    const { requestId, id, priority, key } = wish;
    const earlier = this.#answers.get(requestId);
    if (earlier !== undefined) return earlier;
    const on = wish.after
      .flatMap((request) => this.rows.get(this.#answers.get(request) ?? "") ?? [])
      .filter(({ live }) => !hasEnded(live.standing));
    const spec = specOf(wish, this.#nowMs());
    const live = submitted({ id, spec, submitter: "client", blockers: on.length }, this.#nowMs());
    const waitsFor = on.map((row) => row.live.id);
    const row: Row = { live, spec, priority, key, waitsFor, stored: [], isLocked: false };
    for (const onId of waitsFor) {
      this.#waits.set(onId, (this.#waits.get(onId) ?? new Set()).add(id));
    }
    this.#answers.set(requestId, id);
    this.rows.set(id, row);
    this.living.add(row);
    this.#write(row, { next: live.standing, steps: [] });
    return id;
  }

  /** Calls a task off; nothing where it has ended. False while somebody else has it locked. */
  cancel(requestId: string): boolean {
    const row = this.rows.get(this.#answers.get(requestId) ?? "");
    if (row === undefined || hasEnded(row.live.standing)) return true;
    if (row.isLocked) return false;
    const cancellation = create(CancellationSchema, { caller: "client", reason: "not needed" });
    this.#write(row, canceled(row.live, cancellation, this.#nowMs()));
    this.judge.bounds.canceled(row.live.id);
    return true;
  }

  /** Takes all out of the dead letters. */
  retry(): void {
    for (const row of this.rows.values()) {
      if (row.live.standing.state !== TaskState.FAILED) continue;
      this.living.add(row);
      this.judge.bounds.retried(row.live.id);
      this.#write(row, retried(row.live, row.spec, "client", this.#nowMs()));
    }
  }

  /** Reads the lowest turns that nobody else has locked. */
  read(count: number): Read {
    if (this.isPaused && this.#build.pauses) return { rows: [], fences: [] };
    const ready = [...this.living]
      .filter(({ live, isLocked }) => !isLocked && live.standing.state === TaskState.SUBMITTED)
      .toSorted((one, other) => one.live.standing.turn - other.live.standing.turn)
      .slice(0, this.#allowed(count));
    this.judge.bounds.read(ready.length, this, this.#nowMs());
    for (const row of ready) row.isLocked = this.#build.locks;
    return { rows: ready, fences: ready.map(({ live }) => live.standing.fence) };
  }

  #allowed(count: number): number {
    if (!this.isLimited) return count;
    const { allowed, dueMs } = this.#build.allowance(rate, this.#rateDueMs, count, this.#nowMs());
    this.#rateDueMs = dueMs;
    return allowed;
  }

  /** Lets go of what was read: the transaction ended, or who began it died. */
  release({ rows }: Read): void {
    for (const row of rows) row.isLocked = false;
  }

  /** Writes the holds. */
  take({ rows, fences }: Read, holder: Holder, workerMs: number): Given[] {
    const clock = this.#build.leaseClock({ baseMs: this.#nowMs(), workerMs });
    return rows.map((row, at) => {
      const before = row.live.standing;
      // What was read is what is written: a lock is what makes that right.
      const seen = { ...before, fence: fences[at] ?? before.fence };
      this.#turn = Math.max(this.#turn, before.turn);
      this.#write(row, this.#build.claimed({ ...row.live, standing: seen }, holder, clock));
      this.judge.claimed(row, before, holder.worker, this.rows);
      return { id: row.live.id, fence: row.live.standing.fence };
    });
  }

  /** What a worker holds by this claim already. */
  held(claimId: string): Given[] {
    return [...this.living]
      .filter(({ live: { standing } }) => {
        return standing.state === TaskState.WORKING && standing.attempt?.claimId === claimId;
      })
      .map(({ live }) => ({ id: live.id, fence: live.standing.fence }));
  }

  /** Hears a worker. */
  report(
    id: string,
    said: Said,
    from: { readonly worker: string; readonly nowMs: number },
  ): Verdict {
    const row = this.rows.get(id);
    if (row === undefined) return Verdict.UNKNOWN;
    const before = row.live.standing;
    const verdict = this.#build.verdictOf(before, said);
    if (verdict !== Verdict.TAKEN) return verdict;
    const clock = this.#build.leaseClock({ baseMs: this.#nowMs(), workerMs: from.nowMs });
    this.#write(
      row,
      this.#build.heard(row.live, said, said.word.case === "beat" ? clock : this.#nowMs()),
    );
    this.judge.heard(row, before, said, from.worker);
    return verdict;
  }

  /** Looks at what is due. */
  wake(): void {
    const nowMs = this.#nowMs();
    for (const row of this.living) {
      if (row.isLocked) continue;
      const due = wakeMs(row.live);
      if (due === undefined || due > nowMs) continue;
      const moved = this.#build.woken(row.live, nowMs);
      const wasHeld = row.live.standing.state === TaskState.WORKING;
      if (moved !== undefined) this.#write(row, moved);
      if (moved !== undefined && wasHeld) this.judge.lapsed(row, heartbeatMs);
    }
  }

  #write(row: Row, { next, steps }: Moved): void {
    const before = row.live.standing;
    const turn = needsTurn(next) ? this.#turnFor(row) : next.turn;
    row.live = { ...row.live, standing: { ...next, turn } };
    row.stored.push(...steps);
    if (hasEnded(next)) this.living.delete(row);
    const isReady = next.state === TaskState.SUBMITTED;
    if (isReady && (before === next || before.state !== TaskState.SUBMITTED)) {
      this.judge.ready(row, this.rows);
    }
    this.judge.changed(row, before);
    if (hasEnded(next) && !hasEnded(before)) this.#follow(row);
  }

  /** In the transaction in which a task ends, those that wait for it are free, or end as well. */
  #follow({ live }: Row): void {
    const waiting = this.#waits.get(live.id) ?? [];
    this.#waits.delete(live.id);
    for (const id of waiting) {
      const row = this.rows.get(id);
      if (row === undefined || hasEnded(row.live.standing)) continue;
      this.#write(row, this.#build.followed(row.live, live, this.#nowMs()));
    }
  }

  #turnFor({ priority, key }: Row): number {
    const lane = `${key}/${priority}`;
    const last = this.#lanes.get(lane) ?? 0;
    const step = stepOf(priority, 1);
    const [turn = 0] = this.#build.turnsFor({ last, queue: this.#turn, step }, 1, priority);
    this.#lanes.set(lane, turn);
    return turn;
  }
}

/** What a wish comes to, with every default filled in. */
function specOf({ priority, key, delayMs, attempts }: Wish, nowMs: number): TaskSpec {
  const [heartbeat, initialInterval] = [heartbeatMs, retryMs].map((ms) => durationFromMs(ms));
  const retry = {
    maximumAttempts: attempts,
    initialInterval,
    maximumInterval: initialInterval,
    nonRetryableReasons: ["HOPELESS"],
  };
  const start = delayMs === 0 ? {} : { startTime: timestampFromMs(nowMs + delayMs) };
  const said = { queue: "q", kind: "k", priority, fairnessKey: key, ...start };
  return completeSpec(
    create(TaskSpecSchema, { ...said, retry, timeouts: { heartbeat } }),
    undefined,
    nowMs,
  );
}
