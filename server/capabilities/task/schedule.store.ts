import { ScheduleSchema, type Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { instantMs } from "@foedus/kernel/task/spec.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Storage, SweepTx, TenantTx } from "../../runtime/storage/storage.ts";

/** A schedule, for a change: locked until the transaction ends; undefined when there is none. */
export async function lockSchedule(tx: TenantTx, name: string): Promise<Schedule | undefined> {
  const { rows } = await sql<{ body: Buffer }>`select body from task_schedule
    where tenant_id = ${tx.tenant} and name = ${name} for update`.execute(tx.sql);
  return rows[0] && fromBody(ScheduleSchema, rows[0].body);
}

/** Stores a schedule, whole; its next_time is what the loop goes by. */
export async function saveSchedule(
  { sql: database }: Pick<SweepTx, "sql">,
  tenant: string,
  schedule: Schedule,
): Promise<void> {
  const nextMs = schedule.paused ? null : (instantMs(schedule.nextTime) ?? null);
  await sql`insert into task_schedule (tenant_id, name, next_ms, body)
    values (${tenant}, ${schedule.name}, ${nextMs}, ${toBody(ScheduleSchema, schedule)})
    on conflict (tenant_id, name) do update
    set next_ms = excluded.next_ms, body = excluded.body`.execute(database);
}

/** Whether a tenant has so many schedules already. Those who ask take turns until they commit. */
export async function hasSchedules(tx: TenantTx, count: number): Promise<boolean> {
  const turn = `task_schedule/${tx.tenant}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`.execute(tx.sql);
  const { rows } = await sql`select 1 as one from task_schedule
    where tenant_id = ${tx.tenant} offset ${count - 1} limit 1`.execute(tx.sql);
  return rows.length > 0;
}

/** Ends a schedule; false when there is none. */
export async function dropSchedule(tx: TenantTx, name: string): Promise<boolean> {
  const { rows } = await sql`delete from task_schedule
    where tenant_id = ${tx.tenant} and name = ${name} returning 1 as one`.execute(tx.sql);
  return rows.length > 0;
}

/** A page of schedules by name. */
export async function listSchedules(
  storage: Storage,
  tenant: TenantId,
  page: { readonly after: string; readonly size: number },
): Promise<Schedule[]> {
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ body: Buffer }>`select body from task_schedule
      where tenant_id = ${tenant} and name > ${page.after}
      order by name limit ${page.size}`.execute(tx.sql);
    return rows.map(({ body }) => fromBody(ScheduleSchema, body));
  });
}

/** A schedule whose time has come. */
export interface DueSchedule {
  readonly tenant: string;
  readonly name: string;
  /** In whose name it submits; empty of one that cannot be read. */
  readonly owner: string;
}

/** Schedules of all tenants whose time has come: each is taken on by itself. */
export async function dueSchedules(storage: Storage, limit: number): Promise<DueSchedule[]> {
  const { rows } = await sql<{ tenant_id: string; name: string; body: Buffer }>`
    select tenant_id, name, body from task_schedule where next_ms <= ${storage.nowMs()}
    order by next_ms limit ${limit}`.execute(storage.sweeper);
  return rows.map(({ tenant_id: tenant, name, body }) => {
    return { tenant, name, owner: ownerIn(body) };
  });
}

function ownerIn(body: Buffer): string {
  try {
    return fromBody(ScheduleSchema, body).owner;
  } catch {
    return "";
  }
}

/** In whose name a schedule submits; undefined when there is none. */
export async function ownerOf(storage: Storage, tenant: TenantId, name: string) {
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ body: Buffer }>`select body from task_schedule
      where tenant_id = ${tenant} and name = ${name}`.execute(tx.sql);
    return rows[0] && ownerIn(rows[0].body);
  });
}

/**
 * Locks a schedule that is due, so that of several hubs one submits; undefined when another has it,
 * or had it.
 */
export async function takeDue(tx: TenantTx, name: string): Promise<Schedule | undefined> {
  const { rows } = await sql<{ body: Buffer }>`select body from task_schedule
    where tenant_id = ${tx.tenant} and name = ${name} and next_ms <= ${tx.nowMs}
    for update skip locked`.execute(tx.sql);
  return rows[0] && fromBody(ScheduleSchema, rows[0].body);
}
