// What submitters and workers were promised, written down outside of the hub.
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema, type StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { TaskEndedSchema } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import { PayloadSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict, type Hold, type Receipt } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { rowsOf } from "../support/bundled.ts";

/** Everything that was acknowledged, given out and taken. */
export class TaskBook {
  /** Tasks whose submit was answered. */
  readonly acknowledged = new Set<string>();
  /** Who was given a fence of a task, by `id#fence`. */
  readonly holders = new Map<string, string>();
  /** Whose result was said to be stored, by task: `worker#fence`. */
  readonly results = new Map<string, string>();
  /** How often a result was said to be taken for the first time, by task. */
  readonly effects = new Map<string, number>();
  /** What should not have been said or done. */
  readonly problems: string[] = [];
  /** How often calls and streams failed, by the reason they were given. */
  readonly failures = new Map<string, number>();
  readonly #waiters = new Set<{ at: number; wake: () => void }>();

  submitted(id: string): void {
    this.acknowledged.add(id);
  }

  /** A worker was given a task. */
  given(worker: string, { taskId, fence }: Hold): void {
    const key = `${taskId}#${fence}`;
    const before = this.holders.get(key);
    if (before !== undefined && before !== worker) {
      this.problems.push(`${key} was given to ${before} and to ${worker}`);
    }
    this.holders.set(key, worker);
  }

  /** A worker's result was answered. */
  answered(worker: string, receipt: Pick<Receipt, "hold" | "verdict">): void {
    const { taskId = "", fence = 0n } = receipt.hold ?? {};
    const { verdict } = receipt;
    if (verdict === Verdict.UNKNOWN) this.problems.push(`nobody knows ${taskId}#${fence}`);
    if (verdict !== Verdict.TAKEN && verdict !== Verdict.REPEATED) return;
    const by = `${worker}#${fence}`;
    const before = this.results.get(taskId);
    if (before !== undefined && before !== by) {
      this.problems.push(`${taskId} was completed by ${before} and by ${by}`);
    }
    this.results.set(taskId, by);
    if (verdict === Verdict.TAKEN) {
      this.effects.set(taskId, (this.effects.get(taskId) ?? 0) + 1);
    }
    for (const waiter of this.#waiters) if (this.results.size >= waiter.at) waiter.wake();
  }

  failed(reason: string): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }

  /** Resolves once results of so many more tasks were taken. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { at: this.results.size + count, wake: () => done() };
      const done = () => {
        this.#waiters.delete(waiter);
        resolve();
      };
      this.#waiters.add(waiter);
    });
  }
}

/** Tasks that have not ended; some of them are enough. */
export async function livingIn(url: string): Promise<Record<string, unknown>[]> {
  return await rowsOf(
    url,
    `select id, kind, state, attempts, fence, blockers, wake_ms, ready_ms, lease_ms, worker
      from task limit 5`,
  );
}

/** Holds the book against the tables, once everything has ended: what is wrong. */
export async function judged(book: TaskBook, url: string): Promise<string[]> {
  const wrong = [...book.problems];
  const ended = await rowsOf(url, "select id, state, attempts, result from task_done_log");
  const byId = Map.groupBy(ended, ({ id }) => String(id));
  for (const [id, rows] of byId)
    if (rows.length > 1) wrong.push(`${id} ended ${rows.length} times`);
  for (const id of book.acknowledged) if (!byId.has(id)) wrong.push(`${id} is lost`);
  for (const [id, count] of book.effects) if (count > 1) wrong.push(`${id} had ${count} effects`);
  for (const [id, by] of book.results) {
    const [row] = byId.get(id) ?? [];
    if (row?.state !== TaskState.COMPLETED) wrong.push(`${id} has the result of ${by}, and is not`);
    else if (resultIn(row) !== by)
      wrong.push(`${id} is by ${resultIn(row)}, and ${by} was told so`);
  }
  for (const row of ended) {
    if (row.state !== TaskState.COMPLETED) continue;
    const [worker = "", fence = ""] = resultIn(row).split("#");
    const holder = book.holders.get(`${String(row.id)}#${fence}`);
    if (holder !== worker) wrong.push(`${String(row.id)} is by ${worker}, whom nobody gave it`);
  }
  const waits = await rowsOf(url, "select id from task_wait");
  if (waits.length > 0) wrong.push(`${waits.length} tasks wait for what has ended`);
  return wrong;
}

function resultIn({ result }: Record<string, unknown>): string {
  if (!(result instanceof Uint8Array)) return "";
  return new TextDecoder().decode(fromBinary(PayloadSchema, result).body);
}

/** How many tasks the hub's events say have ended. */
export function toldIn(log: readonly StoredEvent[]): number {
  return log.reduce((sum, stored) => {
    const { type, payload } = fromBinary(EventSchema, stored.event);
    return type === "task_ended" ? sum + fromBinary(TaskEndedSchema, payload).count : sum;
  }, 0);
}

const counted = { ready: 1, scheduled: 32, blocked: 33, working: 2 } as const;

/** Queues whose counts are not what a recount of the tables says; nothing may be under way. */
export async function miscounted(url: string): Promise<string[]> {
  const names = Object.keys(counted).map((name) => `sum(${name})::int as ${name}`);
  const states = Object.entries(counted).map(
    ([name, state]) => `count(*) filter (where state = ${state})::int as ${name}`,
  );
  const [counts, living, done] = await Promise.all([
    rowsOf(
      url,
      `select queue, ${names.join(", ")}, sum(submitted)::int as submitted,
        sum(completed)::int as completed from task_count group by queue`,
    ),
    rowsOf(url, `select queue, ${states.join(", ")}, count(*)::int as all from task group by 1`),
    rowsOf(
      url,
      `select queue, count(*)::int as all,
        count(*) filter (where state = 3)::int as completed from task_done_log group by 1`,
    ),
  ]);
  const of = (rows: readonly Record<string, unknown>[], queue: unknown, name: string) =>
    Number(rows.find((row) => row.queue === queue)?.[name] ?? 0);
  const queues = new Set([...counts, ...living, ...done].map(({ queue }) => queue));
  return [...queues].flatMap((queue) => {
    const told = (name: string) => of(counts, queue, name);
    const expected: [string, number][] = [
      ...Object.keys(counted).map((name): [string, number] => [name, of(living, queue, name)]),
      ["submitted", of(living, queue, "all") + of(done, queue, "all")],
      ["completed", of(done, queue, "completed")],
    ];
    return expected
      .filter(([name, count]) => told(name) !== count)
      .map(([name, count]) => `${String(queue)}: ${told(name)} ${name}, and there are ${count}`);
  });
}
