import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql, type RawBuilder } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { fixedColumns, labelTexts, movingColumns, namesOf } from "./column.store.ts";
import { storedOf, type DoneRow, type Stored } from "./row.store.ts";

/** Which tasks; what is empty asks for nothing. */
export interface TaskFilter {
  readonly queue: string;
  readonly states: readonly TaskState[];
  readonly kind: string;
  readonly nodeId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly parentId: string;
}

/** Which part of the list. */
export interface TaskPage {
  /** The task that the page before went up to; undefined for the first page. */
  readonly after: string | undefined;
  readonly size: number;
}

/** A page of tasks, the newest first. */
export interface Listed {
  readonly tasks: readonly Stored[];
  /** After which task the next page goes on; undefined when this is the last one. */
  readonly next: string | undefined;
}

/**
 * So many tasks are looked at for one page, of those that live and of those that ended each: what
 * is searched for by words that no index has is not to be searched for without an end.
 */
export const lookedMax = 10_000;

/** Payloads are read with their tasks: a page is shorter rather than larger than this in memory. */
const carriedMax = 4 * 1_048_576;

interface PageRow extends DoneRow {
  /** Nothing older was looked at, if it is set. */
  readonly cut: string | null;
  /** How many would have come, whatever they carry. */
  readonly found: number;
}

/** A page of tasks; it may be empty and not the last one. */
export async function listTasks(
  storage: Storage,
  tenant: TenantId,
  filter: TaskFilter,
  page: TaskPage,
): Promise<Listed> {
  const { rows } = await storage.tenant(tenant, (tx) =>
    pageQuery(tenant, filter, page).execute(tx.sql),
  );
  const tasks = rows.filter(({ id }) => id !== null).map(storedOf);
  const isShort = tasks.length === page.size || tasks.length < (rows[0]?.found ?? 0);
  const next = isShort ? tasks.at(-1)?.live.id : (rows[0]?.cut ?? undefined);
  return { tasks, next };
}

/** Where tasks are looked at, the newest first, and after how many of them the look ends. */
interface Look {
  /** A subquery of rows. */
  readonly rows: RawBuilder<unknown>;
  /** The last one that was looked at; null when these were all. */
  readonly last: RawBuilder<unknown>;
}

/**
 * One statement, so that a task which ends meanwhile is seen once. A table is left out whose tasks
 * are in no state that is asked for.
 */
export function pageQuery(tenant: TenantId, filter: TaskFilter, page: TaskPage) {
  const looks = looksOf(tenant, filter, page.after);
  const found = looks.map(
    ({ rows }, at) => sql`${tableAt(at)} as materialized (
      select l.* from (${rows}) as l where ${isWanted(filter)} order by l.id desc limit ${page.size}
    )`,
  );
  // Who found enough did not look at all of them.
  const cuts = looks.map(
    ({ last }, at) => sql`case when (select count(*) from ${tableAt(at)}) < ${page.size}
      then (${last}) end`,
  );
  const all = looks.map((_, at) => sql`select * from ${tableAt(at)}`);
  return sql<PageRow>`with ${sql.join(found)},
    cut as materialized (select greatest(${sql.join(cuts)}) as id)
    select m.* from (
      select c.id as cut, (count(a.id) over ())::integer as found, a.*, sum(octet_length(a.body)) over (
          order by a.id desc rows unbounded preceding) - octet_length(a.body) as carried
      from cut c left join (
        select u.* from (${sql.join(all, sql` union all `)}) as u, cut
        where cut.id is null or u.id >= cut.id
        order by u.id desc limit ${page.size}
      ) as a on true
    ) as m where coalesce(m.carried, 0) < ${carriedMax} order by m.id desc`;
}

function tableAt(at: number) {
  return sql.raw(`found_${at}`);
}

function isWanted({ queue, states, kind, nodeId, labels, parentId }: TaskFilter) {
  const texts = labelTexts(labels);
  const conditions = [
    queue !== "" && sql`l.queue = ${queue}`,
    kind !== "" && sql`l.kind = ${kind}`,
    nodeId !== "" && sql`l.node_id = ${nodeId}`,
    parentId !== "" && sql`l.parent_id = ${parentId}`,
    states.length > 0 && sql`l.state = any(${states}::smallint[])`,
    texts.length > 0 && sql`l.labels @> ${texts}::text[]`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

const columns = namesOf([...fixedColumns, ...movingColumns], "t.");
const ended = new Set([TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELED]);

function looksOf(tenant: TenantId, filter: TaskFilter, after: string | undefined): Look[] {
  const { states } = filter;
  const over = states.filter((state) => ended.has(state)).length;
  const isHeld = states.length > 0 && states.every((state) => state === TaskState.WORKING);
  const isAfter = after === undefined ? sql`true` : sql`t.id < ${after}`;
  const looks: Look[] = [];
  if (isHeld && filter.parentId === "") return [heldLook(tenant, isAfter)];
  if (states.length === 0 || over < states.length) looks.push(liveLook(tenant, filter, isAfter));
  if (states.length === 0 || over > 0) looks.push(doneLook(tenant, filter, isAfter));
  return looks;
}

const liveColumns = sql`${columns}, t.followed, null::bigint as end_ms, null::bytea as failure,
  null::bytea as result`;

function liveLook(tenant: TenantId, { parentId }: TaskFilter, isAfter: RawBuilder<unknown>): Look {
  const isBelow = parentId === "" ? sql`true` : sql`t.parent_id = ${parentId}`;
  const from = sql`from task t where t.tenant_id = ${tenant} and ${isBelow} and ${isAfter}
    order by t.id desc`;
  return lookAt(liveColumns, from);
}

/** What is held is named by its claims, which are few beside all that wait. */
function heldLook(tenant: TenantId, isAfter: RawBuilder<unknown>): Look {
  const ids = sql`select distinct t.id from task_claim c cross join unnest(c.ids) as t (id)
    where c.tenant_id = ${tenant} and ${isAfter} order by t.id desc`;
  const rows = sql`select ${liveColumns} from (${ids} limit ${lookedMax}) as k
    join task t on t.tenant_id = ${tenant} and t.id = k.id`;
  return { rows, last: sql`${ids} offset ${lookedMax - 1} limit 1` };
}

function doneLook(tenant: TenantId, filter: TaskFilter, isAfter: RawBuilder<unknown>): Look {
  const { queue, states, parentId } = filter;
  // As constants: the index of dead letters is used where nothing else is asked for.
  const isDead =
    states.length > 0 && states.every((state) => state === TaskState.FAILED)
      ? sql.raw(`t.state = ${TaskState.FAILED}`)
      : undefined;
  const isQueue = isDead !== undefined && queue !== "" ? sql`t.queue = ${queue}` : sql`true`;
  const isBelow = parentId === "" ? sql`true` : sql`t.parent_id = ${parentId}`;
  const from = sql`from task_done_log t where t.tenant_id = ${tenant} and ${isBelow}
    and ${isDead ?? sql`true`} and ${isQueue} and ${isAfter} order by t.id desc`;
  return lookAt(sql`${columns}, t.followed, t.end_ms, t.failure, null::bytea as result`, from);
}

function lookAt(what: RawBuilder<unknown>, from: RawBuilder<unknown>): Look {
  return {
    rows: sql`select ${what} ${from} limit ${lookedMax}`,
    last: sql`select t.id ${from} offset ${lookedMax - 1} limit 1`,
  };
}
