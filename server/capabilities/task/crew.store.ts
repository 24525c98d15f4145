import { WorkerStatusSchema, type WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { CancellationSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

/** Where a worker stands: one of its name at a queue of its node. */
export interface Post {
  readonly tenant: string;
  readonly queue: string;
  readonly nodeId: string;
  readonly name: string;
}

/** A worker as this hub tells the others of it. */
export interface Manned extends Post {
  readonly status: WorkerStatus;
}

/**
 * Tells the other hubs of workers, and that some are gone. Returns those that have come to another
 * hub since: a worker is at one place only, the one it came to last.
 */
export async function writeCrew(
  storage: Storage,
  { hubId, others }: { readonly hubId: string; readonly others: readonly string[] },
  here: readonly Manned[],
  gone: readonly Post[],
): Promise<Post[]> {
  if (gone.length > 0) {
    await sql`/*task.crew_gone*/ delete from task_crew c using ${postsOf(gone)}
        as u (tenant_id, queue, node_id, name)
      where c.tenant_id = u.tenant_id and c.queue = u.queue and c.node_id = u.node_id
        and c.name = u.name and c.hub_id = ${hubId}`.execute(storage.sweeper);
  }
  if (here.length === 0) return [];
  const sinceMs = here.map(({ status: { since } }) =>
    since === undefined ? 0 : timestampMs(since),
  );
  const { rows } = await sql<PostRow>`/*task.crew*/
    with u as (
      select * from unnest(${here.map(({ tenant }) => tenant)}::text[],
        ${here.map(({ queue }) => queue)}::text[], ${here.map(({ nodeId }) => nodeId)}::text[],
        ${here.map(({ name }) => name)}::text[], ${sinceMs}::bigint[],
        ${here.map(({ status }) => status.room)}::integer[],
        ${here.map(({ status }) => toBody(WorkerStatusSchema, status))}::bytea[]
      ) as u (tenant_id, queue, node_id, name, since_ms, room, body)
    ), told as (
      insert into task_crew as c (tenant_id, hub_id, queue, node_id, name, since_ms, room, body)
      select u.tenant_id, ${hubId}, u.queue, u.node_id, u.name, u.since_ms, u.room, u.body from u
      on conflict (tenant_id, queue, node_id, name, hub_id) do update
      set since_ms = excluded.since_ms, room = excluded.room, body = excluded.body
    )
    select u.tenant_id, u.queue, u.node_id, u.name from u join task_crew o
      on o.tenant_id = u.tenant_id and o.queue = u.queue and o.node_id = u.node_id
        and o.name = u.name
    where o.hub_id = any(${others}::text[]) and o.since_ms > u.since_ms`.execute(storage.sweeper);
  return rows.map((row) => ({
    tenant: row.tenant_id,
    queue: row.queue,
    nodeId: row.node_id,
    name: row.name,
  }));
}

interface PostRow {
  readonly tenant_id: string;
  readonly queue: string;
  readonly node_id: string;
  readonly name: string;
}

function postsOf(posts: readonly Post[]) {
  return sql`unnest(${posts.map(({ tenant }) => tenant)}::text[],
    ${posts.map(({ queue }) => queue)}::text[], ${posts.map(({ nodeId }) => nodeId)}::text[],
    ${posts.map(({ name }) => name)}::text[])`;
}

/** Forgets what was told by this hub before, and by hubs that are there no more. */
export async function forgetCrew(storage: Storage, others: readonly string[]): Promise<void> {
  await sql`delete from task_crew where hub_id <> all(${others}::text[])`.execute(storage.sweeper);
}

/** Workers of one tenant that are at other hubs, by queue, node and name. */
export async function crewAt(
  storage: Storage,
  tenant: TenantId,
  others: readonly string[],
  page: { readonly queue: string; readonly after: readonly string[]; readonly limit: number },
): Promise<WorkerStatus[]> {
  const [queue = "", nodeId = "", name = ""] = page.after;
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ body: Buffer }>`select c.body from task_crew c
      where c.tenant_id = ${tenant} and c.hub_id = any(${others}::text[])
        and (${page.queue} = '' or c.queue = ${page.queue})
        and (c.queue, c.node_id, c.name) > (${queue} collate "C", ${nodeId} collate "C",
          ${name} collate "C")
      order by c.queue, c.node_id, c.name limit ${page.limit}`.execute(tx.sql);
    return rows.map(({ body }) => fromBody(WorkerStatusSchema, body));
  });
}

/** How many work at a queue, and how much they would take. */
export interface Staffing {
  readonly queue: string;
  readonly workers: number;
  readonly room: number;
}

/** Who is at other hubs, by queue. */
export async function staffingAt(
  tx: TenantTx,
  others: readonly string[],
  queues: readonly string[],
): Promise<Staffing[]> {
  const { rows } = await sql<Staffing>`select c.queue, count(*)::float8 as workers,
      sum(c.room)::float8 as room from task_crew c
    where c.tenant_id = ${tx.tenant} and c.queue = any(${queues}::text[])
      and c.hub_id = any(${others}::text[]) group by c.queue`.execute(tx.sql);
  return rows;
}

/** A held task that was called off. */
export interface CalledOff {
  readonly key: string;
  readonly fence: number;
  readonly reason: string;
}

const calledOffMax = 10_000;
const working = sql.raw(String(TaskState.WORKING));

/** Held tasks that were called off, of all tenants, wherever their workers are. */
export async function calledOff(storage: Storage): Promise<CalledOff[]> {
  const { rows } = await sql<{
    tenant_id: string;
    id: string;
    hold_fence: bigint | null;
    cancellation: Buffer;
  }>`/*task.called_off*/ select t.tenant_id, t.id, t.hold_fence, t.cancellation from task t
    where t.state = ${working} and t.cancellation is not null
    limit ${calledOffMax}`.execute(storage.sweeper);
  return rows.map((row) => ({
    key: `${row.tenant_id}/${row.id}`,
    fence: Number(row.hold_fence ?? 0n),
    reason: fromBody(CancellationSchema, row.cancellation).reason,
  }));
}
