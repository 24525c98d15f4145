import type { Rows } from "@foedus/gen/rows";
import { stepOf, turnsFor } from "@foedus/kernel/task/turn.ts";
import { sql, type Kysely } from "kysely";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

/** Turns that are wanted for tasks of one lane. */
export interface TurnWish {
  readonly tenant: string;
  readonly queue: string;
  readonly fairnessKey: string;
  readonly priority: number;
  readonly weight: number;
  readonly count: number;
}

const wishesMax = 1_000;

/**
 * Gives turns to many who ask at the same time, in one statement of its own: a lane stays locked no
 * longer than that. A turn that was given and is not used leaves a hole, which hurts nobody; one
 * that a crash gives twice, neither.
 */
export function turnGiver(storage: Storage): GroupCommit<TurnWish, number[]> {
  const give = (wishes: readonly TurnWish[]) =>
    onDeadlockAgain(() => giveTurns(storage.hot, wishes, true));
  return new GroupCommit(give, { itemsMax: wishesMax });
}

interface LaneRow {
  readonly tenant_id: string;
  readonly queue: string;
  readonly fairness_key: string;
  readonly priority: number;
  readonly base: number;
}

/** Turns for each wish, in order. Lanes are locked in their order until the transaction ends. */
export async function giveTurns(
  database: Kysely<Rows>,
  wishes: readonly TurnWish[],
  isHasty = false,
): Promise<number[][]> {
  const byKey = lanesOf(wishes);
  const lanes = [...byKey.values()];
  if (lanes.length === 0) return [];
  const { rows } = await sql<LaneRow>`/*task.turn*/
    with hasty as materialized (
      select case when ${isHasty} then set_config('synchronous_commit', 'off', true) end as is_hasty
    ), wish as (
      select * from unnest(
        ${lanes.map(({ tenant }) => tenant)}::text[], ${lanes.map(({ queue }) => queue)}::text[],
        ${lanes.map(({ fairnessKey }) => fairnessKey)}::text[],
        ${lanes.map(({ priority }) => priority)}::smallint[],
        ${lanes.map(({ moved }) => moved)}::double precision[]
      ) as w (tenant_id, queue, fairness_key, priority, moved), hasty
    )
    insert into task_lane as l (tenant_id, queue, fairness_key, priority, turn, moved)
    select w.tenant_id, w.queue, w.fairness_key, w.priority, w.moved + coalesce(
      (select max(c.turn) from task_count c
        where c.tenant_id = w.tenant_id and c.queue = w.queue), 0), w.moved
    from wish w order by 1, 2, 3, 4
    on conflict (tenant_id, queue, fairness_key, priority) do update
    set turn = greatest(l.turn, excluded.turn - excluded.moved) + excluded.moved,
        moved = excluded.moved
    returning tenant_id, queue, fairness_key, priority, turn - moved as base`
    .execute(database)
    .catch(rethrowFault);
  const bases = new Map(rows.map((row) => [keyOf({ ...row, fairnessKey: row.fairness_key }), row]));
  return wishes.map((wish) => take(bases, byKey, wish));
}

interface Laned extends TurnWish {
  moved: number;
  /** How many of them were handed out so far. */
  given: number;
}

function lanesOf(wishes: readonly TurnWish[]): Map<string, Laned> {
  const lanes = new Map<string, Laned>();
  for (const wish of wishes) {
    const key = keyOf({ ...wish, tenant_id: wish.tenant });
    const lane = lanes.get(key) ?? { ...wish, moved: 0, given: 0 };
    lane.moved += wish.count * stepOf(wish.priority, wish.weight);
    lanes.set(key, lane);
  }
  return lanes;
}

function take(
  bases: ReadonlyMap<string, LaneRow>,
  lanes: ReadonlyMap<string, Laned>,
  wish: TurnWish,
): number[] {
  const key = keyOf({ ...wish, tenant_id: wish.tenant });
  const lane = lanes.get(key);
  const base = bases.get(key)?.base;
  if (lane === undefined || base === undefined) throw new Error("a lane gave no turns");
  const last = base + lane.given;
  const step = stepOf(wish.priority, wish.weight);
  lane.given += step * wish.count;
  return turnsFor({ last, queue: 0, step }, wish.count);
}

type Key = Pick<LaneRow, "tenant_id" | "queue" | "priority"> & { readonly fairnessKey: string };

function keyOf({ tenant_id: tenant, queue, fairnessKey, priority }: Key): string {
  return JSON.stringify([tenant, queue, fairnessKey, priority]);
}
