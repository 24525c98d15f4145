import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Rows } from "@foedus/gen/rows";
import { Fault } from "@foedus/kernel/fault.ts";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskStepSchema, type TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { hasEnded, needsTurn, type Moved } from "@foedus/kernel/task/standing.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql, type Kysely } from "kysely";
import { toBody } from "../../runtime/storage/body.ts";
import { endColumns, fixedColumns, movingColumns, namesOf, unnested } from "./column.store.ts";
import { Deltas } from "./count.store.ts";
import { followersOf, forgetWaits, wakeFollowers, wakeLeft } from "./follower.store.ts";
import { keyOf, type TaskKey } from "./lock.store.ts";
import { weightsOf } from "./queue.store.ts";
import { chargeAgain, refund } from "./refund.store.ts";
import type { Stored } from "./row.store.ts";
import { noteEnded } from "./tally.store.ts";
import { giveTurns } from "./turn.store.ts";
import { lockUnique } from "./unique.store.ts";

/** A transaction of a tenant or of a loop. */
export interface TaskTx {
  readonly sql: Kysely<Rows>;
  readonly nowMs: number;
}

/** What was stored: queues that have something ready now, and the tasks that ended. */
export interface Saved {
  readonly ready: readonly { readonly tenant: string; readonly queue: string }[];
  readonly ended: readonly Stored[];
}

interface Changed {
  readonly before: Stored;
  after: Stored;
  readonly steps: TaskStep[];
}

/** So many levels of a chain end at once: the next ones are woken, and go on from there. */
export const levelsMax = 100;

/**
 * Several tasks that are locked, as they change within one transaction. Nothing is written before
 * `save`, which also takes those along that wait for what has ended.
 */
export class Changes {
  readonly #changed = new Map<string, Changed>();
  /** Those that ended and whose followers were not looked for yet. */
  readonly #over = new Set<string>();
  #before: readonly Stored[] = [];
  #left: readonly Stored[] = [];

  /** How the task stands after what was moved so far. */
  now(stored: Stored): Stored {
    return this.#changed.get(keyOf(stored))?.after ?? stored;
  }

  move(stored: Stored, { next, steps }: Moved): void {
    const known = this.#changed.get(keyOf(stored)) ?? { before: stored, after: stored, steps: [] };
    known.after = { ...known.after, live: { ...known.after.live, standing: next } };
    known.steps.push(...steps);
    this.#changed.set(keyOf(stored), known);
    if (hasEnded(next)) this.#over.add(keyOf(stored));
  }

  /** Takes along what waits for these, which ended in a transaction before. */
  follow(ended: readonly Stored[]): void {
    this.#before = ended;
  }

  async save(tx: TaskTx): Promise<Saved> {
    await this.#takeFollowers(tx);
    await this.#giveTurns(tx);
    const all = [...this.#changed.values()];
    const ended = all.map(({ after }) => after).filter(({ live }) => hasEnded(live.standing));
    const lives = all.map(({ after }) => after).filter(({ live }) => !hasEnded(live.standing));
    await writeSteps(tx, all);
    await update(tx, lives);
    await wakeFollowers(tx, this.#left);
    await wakeLeft(
      tx,
      lives.filter(({ live }) => live.standing.state === TaskState.BLOCKED),
    );
    await end(tx, ended);
    await countMoves(tx, all);
    await refund(tx, ended);
    await noteEnded(tx, ended);
    const ready = all
      .filter(({ before, after }) => isReady(after) && !isReady(before))
      .map(({ after: { tenant, queue } }) => ({ tenant, queue }));
    return { ready, ended };
  }

  async #takeFollowers(tx: TaskTx): Promise<void> {
    for (let level = 0; level === 0 || this.#over.size > 0; level++) {
      const over = [...this.#over].flatMap((key) => this.#changed.get(key)?.after ?? []);
      const fresh = level === 0 ? [...this.#before, ...over] : over;
      this.#over.clear();
      if (level === levelsMax) {
        this.#left = fresh.filter(({ followed }) => followed);
        await forgetWaits(
          tx,
          fresh.map((stored) => ({ ...stored, followed: false })),
        );
        return;
      }
      const followed = fresh.filter((stored) => stored.followed);
      for await (const { follower, moved } of followersOf(tx, followed, this)) {
        this.move(follower, moved);
      }
      await forgetWaits(tx, fresh);
    }
  }

  async #giveTurns(tx: TaskTx): Promise<void> {
    const wanting = [...this.#changed.values()].filter(({ after }) => {
      return needsTurn(after.live.standing);
    });
    if (wanting.length === 0) return;
    const weights = await weightsOf(
      tx,
      wanting.map(({ after }) => after),
    );
    const wishes = wanting.map(({ after }) => {
      const { tenant, queue, spec } = after;
      const { fairnessKey, priority } = spec;
      return { tenant, queue, fairnessKey, priority, weight: weights(after), count: 1 };
    });
    const turns = await giveTurns(tx.sql, wishes);
    for (const [at, change] of wanting.entries()) {
      const { live } = change.after;
      const standing = { ...live.standing, turn: turns[at]?.[0] ?? 0 };
      change.after = { ...change.after, live: { ...live, standing } };
    }
  }
}

function isReady({ live }: Stored): boolean {
  return live.standing.state === TaskState.SUBMITTED;
}

const keys = fixedColumns.filter(({ name }) => name === "tenant_id" || name === "id");
const moving = [...keys, ...movingColumns];

async function update({ sql: database }: TaskTx, all: readonly Stored[]): Promise<void> {
  if (all.length === 0) return;
  await sql`/*task.update*/ update task t set (${namesOf(movingColumns)}) =
      row (${namesOf(movingColumns, "u.")})
    from ${unnested(moving, all)} where t.tenant_id = u.tenant_id and t.id = u.id`.execute(
    database,
  );
}

const fixed = namesOf(fixedColumns);

async function end({ sql: database }: TaskTx, all: readonly Stored[]): Promise<void> {
  if (all.length === 0) return;
  const changed = [...movingColumns, ...endColumns];
  await sql`/*task.end*/ with u as (
      select u.* from ${unnested([...keys, ...changed], all)}
    ), gone as (
      delete from task t using u where t.tenant_id = u.tenant_id and t.id = u.id
      returning ${namesOf(fixedColumns, "t.")}, t.followed
    )
    insert into task_done_log (${fixed}, followed, ${namesOf(changed)})
    select ${namesOf(fixedColumns, "g.")}, g.followed, ${namesOf(changed, "u.")}
    from gone g join u on u.tenant_id = g.tenant_id and u.id = g.id`.execute(database);
}

const stepsMax = 4;

async function writeSteps({ sql: database, nowMs }: TaskTx, all: readonly Changed[]) {
  const steps = all.flatMap(({ after, steps }) => {
    const { tenant, live } = after;
    // Numbers grow with revisions, and a change stores no more steps than one can tell.
    return steps.map((step, at) => {
      const number = live.standing.revision * stepsMax + at - steps.length;
      return { tenant, id: live.id, number, body: toBody(TaskStepSchema, step) };
    });
  });
  if (steps.length === 0) return;
  await sql`/*task.step*/ insert into task_step_log (tenant_id, task_id, number, day, body)
    select u.tenant_id, u.task_id, u.number, ${utcDay(nowMs)}::date, u.body from unnest(
      ${steps.map(({ tenant }) => tenant)}::text[], ${steps.map(({ id }) => id)}::text[],
      ${steps.map(({ number }) => number)}::bigint[], ${steps.map(({ body }) => body)}::bytea[]
    ) as u (tenant_id, task_id, number, body)`.execute(database);
}

async function countMoves({ sql: database }: TaskTx, all: readonly Changed[]): Promise<void> {
  const deltas = new Deltas();
  for (const { before, after } of all) {
    const [from, to] = [before.live.standing.state, after.live.standing.state];
    deltas.moved(after.tenant, after.queue, from, to);
  }
  await deltas.save(database);
}

/**
 * Takes a task out of what ended: it lives again, as it was moved.
 *
 * @throws Fault TASK_KEY_TAKEN when another one has its unique key meanwhile; TASK_BUDGET_EXCEEDED
 * when its parent has nothing left for it.
 */
export async function revive(tx: TaskTx, stored: Stored, { next, steps }: Moved): Promise<Stored> {
  const { sql: database } = tx;
  const { tenant, queue, spec, live } = stored;
  const { fairnessKey, priority } = spec;
  await chargeAgain(tx, stored);
  // Before the turn: whoever submits has the key, and may take turns over another connection.
  await lockUnique(database, tenant, [spec]);
  const weight = (await weightsOf(tx, [stored]))(stored);
  const wish = { tenant, queue, fairnessKey, priority, weight, count: 1 };
  const [[turn = 0] = []] = await giveTurns(database, [wish]);
  const after = { ...stored, live: { ...live, standing: { ...next, turn } } };
  await sql`delete from task_done_log where tenant_id = ${tenant} and id = ${live.id}`.execute(
    database,
  );
  const [inserted] = await insertTasks(tx, [after]);
  if (inserted === undefined) throw new Fault(Reason.TASK_KEY_TAKEN, { task: live.id });
  await writeSteps(tx, [{ before: stored, after, steps: [...steps] }]);
  await countMoves(tx, [{ before: stored, after, steps: [] }]);
  return after;
}

const inserted = [...fixedColumns, ...movingColumns];
const values = sql.raw(
  inserted
    .map(({ name }) =>
      name === "labels" ? "array(select jsonb_array_elements_text(u.labels))" : `u.${name}`,
    )
    .join(", "),
);

/** Stores new tasks; returns the keys of those that were stored: a unique key takes one only. */
export async function insertTasks(tx: TaskTx, all: readonly Stored[]): Promise<TaskKey[]> {
  const { rows } = await sql<{ tenant_id: string; id: string }>`/*task.insert*/
    insert into task (${namesOf(inserted)}, followed)
    select ${values}, false from ${unnested(inserted, all)}
    on conflict (tenant_id, queue, unique_key) where unique_key is not null do nothing
    returning tenant_id, id`.execute(tx.sql);
  return rows.map(({ tenant_id: tenant, id }) => ({ tenant, id }));
}
