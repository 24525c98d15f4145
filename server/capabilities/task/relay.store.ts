import type { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { ProgressSchema, TaskState, type Progress } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { findDone, keyOf } from "./lock.store.ts";
import type { Stored } from "./row.store.ts";

/** A queue that has to do with the parent. */
export interface SharedQueue {
  readonly name: string;
  readonly use: ParentUse;
  readonly paused: boolean;
}

/** Queues of a tenant that work for the parent or hand up, by name. */
export async function sharedQueues(storage: Storage, tenant: TenantId): Promise<SharedQueue[]> {
  const { rows } = await sql<SharedQueue>`/*task.shared*/
    select q.name, q.parent as use, q.paused from task_queue q
    where q.tenant_id = ${tenant} and q.parent <> 0 order by q.name`.execute(storage.sweeper);
  return rows;
}

/** A task of the parent that this process holds there. */
export interface Relayed {
  readonly upperId: string;
  /** Of the hold at the parent. */
  readonly fence: number;
  /** The task here. */
  readonly id: string;
  readonly queue: string;
  readonly heartbeatMs: number;
}

/** Notes whose a task is, in the transaction that submits it. */
export async function noteRelayed(tx: TenantTx, hubId: string, relayed: Relayed): Promise<void> {
  const { upperId, fence, id, queue, heartbeatMs } = relayed;
  await sql`insert into task_relay_down
      (tenant_id, upper_id, fence, hub_id, id, queue, heartbeat_ms)
    values (${tx.tenant}, ${upperId}, ${fence}, ${hubId}, ${id}, ${queue},
      ${heartbeatMs})`.execute(tx.sql);
}

/** The task here that was made of a hold at the parent; undefined for none. */
export async function findRelayed(
  tx: TenantTx,
  { upperId, fence }: Pick<Relayed, "upperId" | "fence">,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id from task_relay_down
    where tenant_id = ${tx.tenant} and upper_id = ${upperId} and fence = ${fence}`.execute(tx.sql);
  return rows[0]?.id;
}

/** How a task of the parent stands here. */
export interface RelayedNow extends Relayed {
  readonly progress: Progress | undefined;
  /** What it has cost, beside what its worker has not reported yet. */
  readonly spent: number;
  /** As it ended; undefined while it lives. */
  readonly ended: Stored | undefined;
  /** It is kept no more. */
  readonly isGone: boolean;
}

interface HoldRow {
  readonly upper_id: string;
  readonly fence: bigint;
  readonly id: string;
  readonly queue: string;
  readonly heartbeat_ms: bigint;
}

interface NowRow extends HoldRow {
  readonly state: number | null;
  readonly progress: Buffer | null;
  readonly spent: bigint | null;
}

const working = sql.raw(String(TaskState.WORKING));

/** What this process holds at the parent, as it stands here, up to so many that ended. */
export async function relayedNow(
  storage: Storage,
  tenant: TenantId,
  hubId: string,
  endedMax: number,
): Promise<RelayedNow[]> {
  const { rows } = await sql<NowRow>`/*task.relayed*/
    select r.upper_id, r.fence, r.id, r.queue, r.heartbeat_ms, t.state, t.spent,
      case when t.state = ${working} then t.progress end as progress
    from task_relay_down r left join task t on t.tenant_id = r.tenant_id and t.id = r.id
    where r.tenant_id = ${tenant} and r.hub_id = ${hubId}`.execute(storage.sweeper);
  const over = rows.filter(({ state }) => state === null).slice(0, endedMax);
  const lives = rows.filter(({ state }) => state !== null);
  const keys = over.map(({ id }) => ({ tenant, id }));
  const ended = await findDone(storage.sweeper, keys);
  return [...lives, ...over].map((row) => {
    const end = ended.get(keyOf({ tenant, id: row.id }));
    return {
      ...relayedOf(row),
      progress: row.progress === null ? undefined : fromBody(ProgressSchema, row.progress),
      spent: Number(row.spent ?? 0n),
      ended: end,
      isGone: row.state === null && end === undefined,
    };
  });
}

/** All that a process holds at the parent, however it stands. */
export async function allRelayed(
  storage: Storage,
  tenant: TenantId,
  hubId: string,
): Promise<Relayed[]> {
  const { rows } = await sql<HoldRow>`select upper_id, fence, id, queue, heartbeat_ms
    from task_relay_down where tenant_id = ${tenant} and hub_id = ${hubId}`.execute(
    storage.sweeper,
  );
  return rows.map(relayedOf);
}

function relayedOf(row: HoldRow): Relayed {
  return {
    upperId: row.upper_id,
    fence: Number(row.fence),
    id: row.id,
    queue: row.queue,
    heartbeatMs: Number(row.heartbeat_ms),
  };
}

/** The parent has heard all there is to say. */
export async function forgetRelayed(
  storage: Storage,
  tenant: TenantId,
  all: readonly Pick<Relayed, "upperId" | "fence">[],
): Promise<void> {
  if (all.length === 0) return;
  await sql`delete from task_relay_down where tenant_id = ${tenant}
    and (upper_id, fence) in (select * from unnest(${all.map(({ upperId }) => upperId)}::text[],
      ${all.map(({ fence }) => fence)}::bigint[]))`.execute(storage.sweeper);
}

/**
 * Forgets what processes that are there no more left behind: what has ended here, and nobody can
 * tell the parent of any more.
 */
export async function forgetStrays(storage: Storage, hubIds: readonly string[]): Promise<void> {
  for (const table of ["task_relay_down", "task_relay_up"]) {
    await sql`delete from ${sql.table(table)} r where r.hub_id <> all(${hubIds}::text[])
      and not exists (select from task t where t.tenant_id = r.tenant_id and t.id = r.id)`.execute(
      storage.sweeper,
    );
  }
}
