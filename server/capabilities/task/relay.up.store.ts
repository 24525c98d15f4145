import { TaskSpecSchema, type TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

/** A hold of this process on a task that the parent does. */
export interface HandedKey {
  readonly id: string;
  readonly fence: number;
}

/** A task that is handed up, or about to be. */
export interface Handed extends HandedKey {
  readonly queue: string;
  /** Where it waited here; empty once it has ended here. */
  readonly line: string;
  readonly heartbeatMs: number;
  /** The task at the parent; undefined until it has told. */
  readonly upperId: string | undefined;
  /** Nobody here waits for it any more. */
  readonly lost: boolean;
  /** What is submitted; undefined once it is. */
  readonly spec: TaskSpec | undefined;
}

/** Notes what is about to be handed up: submitted again, it is the same. */
export async function noteHanded(
  storage: Storage,
  tenant: TenantId,
  hubId: string,
  all: readonly Handed[],
): Promise<void> {
  if (all.length === 0) return;
  const bodies = all.map(({ spec }) => spec && toBody(TaskSpecSchema, spec));
  await sql`insert into task_relay_up
      (tenant_id, id, fence, hub_id, queue, heartbeat_ms, body)
    select ${tenant}, u.id, u.fence, ${hubId}, u.queue, u.heartbeat_ms, u.body from unnest(
      ${all.map(({ id }) => id)}::text[], ${all.map(({ fence }) => fence)}::bigint[],
      ${all.map(({ queue }) => queue)}::text[],
      ${all.map(({ heartbeatMs }) => heartbeatMs)}::bigint[], ${bodies}::bytea[]
    ) as u (id, fence, queue, heartbeat_ms, body)`.execute(storage.sweeper);
}

/** All that a process has handed up. */
export async function allHanded(
  storage: Storage,
  tenant: TenantId,
  hubId: string,
): Promise<Handed[]> {
  const { rows } = await sql<HandedRow>`select r.id, r.fence, r.queue, r.heartbeat_ms, r.upper_id,
      r.lost, r.body, t.line
    from task_relay_up r left join task t on t.tenant_id = r.tenant_id and t.id = r.id
    where r.tenant_id = ${tenant} and r.hub_id = ${hubId} order by r.id`.execute(storage.sweeper);
  return rows.map((row) => ({
    id: row.id,
    fence: Number(row.fence),
    queue: row.queue,
    line: row.line ?? "",
    heartbeatMs: Number(row.heartbeat_ms),
    upperId: row.upper_id ?? undefined,
    lost: row.lost,
    spec: row.body === null ? undefined : fromBody(TaskSpecSchema, row.body),
  }));
}

interface HandedRow {
  readonly id: string;
  readonly fence: bigint;
  readonly queue: string;
  readonly heartbeat_ms: bigint;
  readonly upper_id: string | null;
  readonly lost: boolean;
  readonly body: Buffer | null;
  readonly line: string | null;
}

/** The parent has told which task it is. */
export async function noteUpper(
  storage: Storage,
  tenant: TenantId,
  { id, fence }: HandedKey,
  upperId: string,
): Promise<void> {
  await sql`update task_relay_up set upper_id = ${upperId}, body = null
    where tenant_id = ${tenant} and id = ${id} and fence = ${fence}`.execute(storage.sweeper);
}

/** Nobody here waits for it any more: it is to be called off at the parent. */
export async function noteLost(
  storage: Storage,
  tenant: TenantId,
  { id, fence }: HandedKey,
): Promise<void> {
  await sql`update task_relay_up set lost = true
    where tenant_id = ${tenant} and id = ${id} and fence = ${fence}`.execute(storage.sweeper);
}

/** Nothing is left to be done about it. */
export async function forgetHanded(
  storage: Storage,
  tenant: TenantId,
  { id, fence }: HandedKey,
): Promise<void> {
  await sql`delete from task_relay_up
    where tenant_id = ${tenant} and id = ${id} and fence = ${fence}`.execute(storage.sweeper);
}

/** Which task at the parent one of this hub is; undefined when it is none, or not told yet. */
export async function handedOf(
  storage: Storage,
  tenant: TenantId,
  { id, fence }: HandedKey,
): Promise<string | undefined> {
  const { rows } = await sql<{ upper_id: string | null }>`select upper_id from task_relay_up
    where tenant_id = ${tenant} and id = ${id} and fence = ${fence}`.execute(storage.sweeper);
  return rows[0]?.upper_id ?? undefined;
}
