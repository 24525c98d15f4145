import {
  QueueSettingsSchema,
  type QueueSettings,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Rows } from "@foedus/gen/rows";
import { weightDefault } from "@foedus/kernel/task/limits.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql, type Kysely } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Stored } from "./row.store.ts";

/** How much of what is in a queue, and how much went through it since ever. */
export interface QueueCounts {
  readonly queue: string;
  readonly turn: number;
  readonly ready: number;
  readonly scheduled: number;
  readonly blocked: number;
  readonly working: number;
  readonly submitted: number;
  readonly completed: number;
}

type CountRow = { [Name in keyof QueueCounts]: QueueCounts[Name] };

const none = { turn: 0, ready: 0, scheduled: 0, blocked: 0, working: 0 };

/** Counts of queues by name, of those named or of all after one; queues that were only set too. */
export async function countQueues(
  database: Kysely<Rows>,
  tenant: TenantId,
  which: { readonly names: readonly string[] } | { readonly after: string; readonly limit: number },
): Promise<QueueCounts[]> {
  const named = "names" in which;
  const filter = (column: string) =>
    named
      ? sql`${sql.ref(column)} = any(${which.names}::text[])`
      : sql`${sql.ref(column)} > ${which.after}`;
  const { rows } = await sql<CountRow>`
    select c.queue, max(c.turn) as turn, sum(c.ready)::float8 as ready,
           sum(c.scheduled)::float8 as scheduled, sum(c.blocked)::float8 as blocked,
           sum(c.working)::float8 as working, sum(c.submitted)::float8 as submitted,
           sum(c.completed)::float8 as completed
    from task_count c where c.tenant_id = ${tenant} and ${filter("c.queue")}
    group by c.queue order by c.queue ${named ? sql`` : sql`limit ${which.limit}`}`.execute(
    database,
  );
  const { rows: set } = await sql<{ name: string }>`
    select q.name from task_queue q where q.tenant_id = ${tenant} and ${filter("q.name")}
    order by q.name ${named ? sql`` : sql`limit ${which.limit}`}`.execute(database);
  const known = new Set(rows.map(({ queue }) => queue));
  const empty = set
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => ({ ...none, queue: name, submitted: 0, completed: 0 }));
  const all = [...rows, ...empty].toSorted((one, other) => (one.queue < other.queue ? -1 : 1));
  return named ? all : all.slice(0, which.limit);
}

/** Settings of queues by name; a queue that nobody set is missing. */
export async function settingsOf(
  database: Kysely<Rows>,
  tenant: TenantId,
  names: readonly string[],
): Promise<Map<string, QueueSettings>> {
  const { rows } = await sql<{ name: string; body: Buffer }>`
    select name, body from task_queue
    where tenant_id = ${tenant} and name = any(${names}::text[])`.execute(database);
  return new Map(rows.map(({ name, body }) => [name, fromBody(QueueSettingsSchema, body)]));
}

/** Settings for a change: locked until the transaction ends; undefined when nobody set any. */
export async function lockSettings(tx: TenantTx, name: string): Promise<QueueSettings | undefined> {
  const { rows } = await sql<{ body: Buffer }>`
    select body from task_queue where tenant_id = ${tx.tenant} and name = ${name}
    for update`.execute(tx.sql);
  return rows[0] && fromBody(QueueSettingsSchema, rows[0].body);
}

/** Stores settings, whole. */
export async function saveSettings(
  tx: TenantTx,
  name: string,
  settings: QueueSettings,
): Promise<void> {
  const perMinute = settings.rate?.perMinute ?? 0;
  const body = toBody(QueueSettingsSchema, settings);
  await sql`
    insert into task_queue (tenant_id, name, paused, per_minute, parent, body)
    values (${tx.tenant}, ${name}, ${settings.paused}, ${perMinute}, ${settings.parent}, ${body})
    on conflict (tenant_id, name) do update
    set paused = excluded.paused, per_minute = excluded.per_minute, parent = excluded.parent,
      body = excluded.body`.execute(tx.sql);
}

/** What the fairness keys of tasks weigh. */
export async function weightsOf(
  { sql: database }: { readonly sql: Kysely<Rows> },
  tasks: readonly Pick<Stored, "tenant" | "queue" | "spec">[],
): Promise<(task: Pick<Stored, "tenant" | "queue" | "spec">) => number> {
  const { rows } = await sql<{ tenant_id: string; name: string; body: Buffer }>`/*task.weights*/
    select q.tenant_id, q.name, q.body from task_queue q where (q.tenant_id, q.name) in (
      select * from unnest(${tasks.map(({ tenant }) => tenant)}::text[],
        ${tasks.map(({ queue }) => queue)}::text[]))`.execute(database);
  const settings = new Map(
    rows.map((row) => [`${row.tenant_id}/${row.name}`, fromBody(QueueSettingsSchema, row.body)]),
  );
  return ({ tenant, queue, spec }) =>
    weightIn(settings.get(`${tenant}/${queue}`), spec.fairnessKey);
}

/** What a fairness key weighs. */
export function weightIn(settings: QueueSettings | undefined, fairnessKey: string): number {
  const weights = settings?.weights ?? {};
  return (Object.hasOwn(weights, fairnessKey) && weights[fairnessKey]) || weightDefault;
}
