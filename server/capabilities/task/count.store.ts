import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Rows } from "@foedus/gen/rows";
import { sql, type Kysely } from "kysely";

/** Connections write to different slots, mostly. */
const slots = 32;

/** The slot of this connection, within a statement. */
export const ownSlot = sql.raw(`(pg_backend_pid() % ${slots})::smallint`);

const counted = new Map([
  [TaskState.SUBMITTED, "ready"],
  [TaskState.SCHEDULED, "scheduled"],
  [TaskState.BLOCKED, "blocked"],
  [TaskState.WORKING, "working"],
] as const);

type Name = "ready" | "scheduled" | "blocked" | "working" | "submitted" | "completed";

/** By how much the counts of queues change. */
export class Deltas {
  readonly #queues = new Map<string, { tenant: string; queue: string } & Record<Name, number>>();

  /** A task of the queue went from one state to another; undefined is before it was submitted. */
  moved(tenant: string, queue: string, from: TaskState | undefined, to: TaskState): void {
    if (from === to) return;
    const delta = this.#of(tenant, queue);
    const [before, after] = [counted.get(from as never), counted.get(to as never)];
    if (before !== undefined) delta[before] -= 1;
    if (after !== undefined) delta[after] += 1;
    if (from === undefined) delta.submitted += 1;
    if (to === TaskState.COMPLETED) delta.completed += 1;
  }

  /** Writes them, in the order of queues so that nobody waits for another in a circle. */
  async save(database: Kysely<Rows>): Promise<void> {
    const all = [...this.#queues.values()];
    if (all.length === 0) return;
    const of = (name: Name) => sql`${all.map((delta) => delta[name])}::bigint[]`;
    await sql`/*task.count*/
      insert into task_count as c (tenant_id, queue, slot, ready, scheduled, blocked, working,
        submitted, completed)
      select d.tenant_id, d.queue, ${ownSlot}, d.ready, d.scheduled, d.blocked, d.working,
             d.submitted, d.completed
      from unnest(${all.map(({ tenant }) => tenant)}::text[],
        ${all.map(({ queue }) => queue)}::text[], ${of("ready")}, ${of("scheduled")},
        ${of("blocked")}, ${of("working")}, ${of("submitted")}, ${of("completed")}
      ) as d (tenant_id, queue, ready, scheduled, blocked, working, submitted, completed)
      order by d.tenant_id, d.queue
      on conflict (tenant_id, queue, slot) do update set
        ready = c.ready + excluded.ready, scheduled = c.scheduled + excluded.scheduled,
        blocked = c.blocked + excluded.blocked, working = c.working + excluded.working,
        submitted = c.submitted + excluded.submitted,
        completed = c.completed + excluded.completed`.execute(database);
  }

  #of(tenant: string, queue: string) {
    const key = `${tenant}/${queue}`;
    const zero = { ready: 0, scheduled: 0, blocked: 0, working: 0, submitted: 0, completed: 0 };
    const delta = this.#queues.get(key) ?? { tenant, queue, ...zero };
    this.#queues.set(key, delta);
    return delta;
  }
}
