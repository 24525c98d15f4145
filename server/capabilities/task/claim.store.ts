import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Holder } from "@foedus/kernel/task/standing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { ownSlot } from "./count.store.ts";
import { claimLookMs } from "./held.store.ts";
import { giveBack, takeAllowance } from "./rate.store.ts";
import { storedOf, type Stored, type TaskRow } from "./row.store.ts";

/** Workers of one queue that can all do the same lines; each wants so many tasks. */
export interface Claim {
  readonly tenant: TenantId;
  readonly queue: string;
  /** Which lines they fit. */
  readonly lines: readonly string[];
  readonly wishes: readonly (Holder & { readonly count: number })[];
}

/** What each wish got, in the order of turns; or why nobody got anything. */
export interface Claimed {
  readonly tasks: readonly (readonly Stored[])[];
  readonly gate: "open" | "paused";
  /** In how many milliseconds the rate lets more pass, where it held something back. */
  readonly againMs?: number | undefined;
}

/** Of more lines than these, and so many times what is wanted, the nearest are chosen first. */
const linesMin = 32;
const spare = 2;
/** Statements that differ have names of their own. */
const [few, many] = [sql.raw("/*task.claim*/"), sql.raw("/*task.nearest*/")];

const ready = sql.raw(String(TaskState.SUBMITTED));
const working = sql.raw(String(TaskState.WORKING));

/** What of a row is not known from the claim itself: fewer columns are read faster. */
const readColumns = [
  ...(["id", "line", "turn", "revision", "attempts", "fence", "told", "until_ms"] as const),
  ...(["ready_ms", "followed", "schedule_id", "submitter", "create_ms", "first_state"] as const),
  ...(["claim_ms", "lease_ms", "progress", "spent", "returns", "cancellation", "body"] as const),
];
const read = sql.raw(readColumns.map((name) => `t.${name}`).join(", "));
const readOf = (alias: string) =>
  sql.raw(["wish", ...readColumns].map((name) => `${alias}.${name}`).join(", "));

type ClaimRow = Pick<TaskRow, (typeof readColumns)[number]> & {
  readonly gate: "open" | "paused" | "limited" | "repeated";
  /** Whose it is: the number of a wish, from 1; null where nobody got anything. */
  readonly wish: bigint | null;
};

/**
 * Claims for many workers in one statement, sharing out fairly: each gets one before one gets two.
 * A claim_id that holds tasks already gets those, and no others.
 */
export async function claimTasks(storage: Storage, claim: Claim): Promise<Claimed> {
  const rows = await onDeadlockAgain(() => run(storage, claim, undefined));
  const [first] = rows;
  if (first?.gate === "repeated") return await claimRest(storage, claim, rows);
  if (first?.gate !== "limited") return claimedOf(claim, rows);
  const wanted = claim.wishes.reduce((sum, { count }) => sum + count, 0);
  const { allowed, againMs } = await takeAllowance(storage, claim, wanted);
  if (allowed === 0) return { ...claimedOf(claim, []), againMs };
  const second = await onDeadlockAgain(() => run(storage, claim, allowed));
  const claimed = claimedOf(claim, second);
  const isFresh = second[0]?.gate === "open";
  const taken = isFresh ? claimed.tasks.reduce((sum, { length }) => sum + length, 0) : 0;
  // Who has tasks now hears of them, also where this fails: then a few pass later than they could.
  await giveBack(storage, claim, allowed - taken).catch(() => undefined);
  return taken === allowed ? { ...claimed, againMs } : claimed;
}

/** Some hold what they were given before, whatever became of the queue; the others go on. */
async function claimRest(
  storage: Storage,
  claim: Claim,
  rows: readonly ClaimRow[],
): Promise<Claimed> {
  const known = claimedOf(claim, rows);
  const wishes = claim.wishes.filter((_, at) => known.tasks[at]?.length === 0);
  if (wishes.length === 0) return known;
  const rest = await claimTasks(storage, { ...claim, wishes });
  const fresh = [...rest.tasks];
  const tasks = known.tasks.map((all) => (all.length > 0 ? all : (fresh.shift() ?? [])));
  return { ...rest, tasks };
}

function claimedOf(claim: Claim, rows: readonly ClaimRow[]): Claimed {
  const held = rows.filter(({ wish }) => wish !== null);
  held.sort((one, other) => one.turn - other.turn);
  const tasks = claim.wishes.map((): Stored[] => []);
  for (const row of held) {
    const at = Number(row.wish) - 1;
    const wish = claim.wishes[at];
    if (wish !== undefined) tasks[at]?.push(heldBy(claim, wish, row));
  }
  const gate = rows[0]?.gate === "paused" ? "paused" : "open";
  return { tasks, gate };
}

const unset = { due_ms: null, hold_end_ms: null, hold_failure: null, blockers: 0 };

function heldBy({ tenant, queue }: Claim, holder: Holder, row: ClaimRow): Stored {
  const { nodeId, worker, claimId } = holder;
  const hold = { node_id: nodeId, worker, claim_id: claimId, hold_fence: row.fence };
  return storedOf({
    ...row,
    ...unset,
    ...hold,
    state: TaskState.WORKING,
    tenant_id: tenant,
    queue,
  });
}

/** `allowed` is what the rate lets pass; undefined when it was not asked yet. */
async function run(
  storage: Storage,
  claim: Claim,
  allowed: number | undefined,
): Promise<ClaimRow[]> {
  const { tenant, queue, lines } = claim;
  const turns = turnsOf(claim.wishes);
  const near = nearOf(claim, turns.length);
  const { rows } = await sql<ClaimRow>`${near === undefined ? few : many}
    with gate as (
      select coalesce((select case when q.paused then 'paused'
          when q.per_minute > 0 and ${allowed ?? -1}::integer < 0 then 'limited' end
        from task_queue q where q.tenant_id = ${tenant} and q.name = ${queue}), 'open') as gate
    ), ${knownOf(claim)}, wanted as (
      select case when g.gate = 'open' and not exists (select from known)
        then ${Math.min(turns.length, allowed ?? turns.length)}::integer else 0 end as count
      from gate g
    ), head as (
      select h.tid, row_number() over (order by h.turn, h.id) as place
      from ${near ?? sql`unnest(${lines}::uuid[])`} as l (line) cross join lateral (
        select t.ctid as tid, t.id, t.turn from task t
        where t.tenant_id = ${tenant} and t.line = l.line and t.state = ${ready}
        order by t.turn limit (select w.count from wanted w) for update skip locked
      ) as h
      order by h.turn, h.id limit (select w.count from wanted w)
    ), ${takes(claim, turns, storage.nowMs())}, counted as (
      insert into task_count as c (tenant_id, queue, slot, turn, ready, working)
      select ${tenant}, ${queue}, ${ownSlot}, sum.turn, -sum.count, sum.count
      from (select max(k.turn) as turn, count(*) as count from taken k) as sum where sum.count > 0
      on conflict (tenant_id, queue, slot) do update set turn = greatest(c.turn, excluded.turn),
        ready = c.ready + excluded.ready, working = c.working + excluded.working
    )
    select case when exists (select from known) then 'repeated' else g.gate end as gate, a.*
    from gate g left join (
      select ${readOf("k")} from known k union all select ${readOf("k")} from taken k
    ) as a on true`
    .execute(storage.hot)
    .catch(rethrowFault);
  return rows;
}

/**
 * The lines where the first tasks wait, and some more for what others take meanwhile: to lock heads
 * of all of many lines would hold what others could take. Undefined where all are few.
 */
function nearOf({ tenant, lines }: Claim, count: number) {
  const most = spare * count + linesMin;
  if (lines.length <= most) return undefined;
  return sql`(select distinct n.line from (
      select l.line from unnest(${lines}::uuid[]) as l (line) cross join lateral (
        select t.turn from task t
        where t.tenant_id = ${tenant} and t.line = l.line and t.state = ${ready}
        order by t.turn limit ${count}
      ) as h order by h.turn limit ${most}
    ) as n)`;
}

/**
 * `held`: what is held by claims of these ids, by whatever node. `known`: what the wishes hold
 * themselves; while there is any, the statement takes nothing.
 */
function knownOf({ tenant, wishes }: Claim) {
  const claimIds = sql`${wishes.map(({ claimId }) => claimId)}::uuid[]`;
  return sql`earlier as materialized (
      select c.claim_id, c.ids from task_claim c
      where c.tenant_id = ${tenant} and c.claim_id = any(${claimIds})
    ), held as materialized (
      select h.* from earlier e cross join lateral (
          select t.node_id, t.claim_id, ${read} from unnest(e.ids) as i (id)
          join task t on t.tenant_id = ${tenant} and t.id = i.id
          where t.state = ${working} and t.claim_id = e.claim_id
        ) as h
    ), known as materialized (
      select w.wish, h.* from held h join unnest(${claimIds}, ${wishes.map(({ nodeId }) => nodeId)}::text[])
        with ordinality as w (claim_id, node_id, wish)
        on w.claim_id = h.claim_id and w.node_id = h.node_id
    )`;
}

/** Numbers of wishes, one for each task: each has one before one has two. */
function turnsOf(wishes: Claim["wishes"]): number[] {
  const most = Math.max(0, ...wishes.map(({ count }) => count));
  return Array.from({ length: most }, (_, turn) =>
    wishes.flatMap(({ count }, at) => (count > turn ? [at + 1] : [])),
  ).flat();
}

/**
 * `taken`: the heads, held by whoever's slot they came to. Their rows are locked, so their places
 * in the table stand. `noted`: claims with their tasks; an earlier use of the same id, which holds
 * nothing any more, is forgotten.
 */
function takes({ tenant, wishes }: Claim, turns: readonly number[], nowMs: number) {
  const now = sql`${nowMs}::bigint`;
  const wish = sql`(${turns}::integer[])[h.place]`;
  const claimIds = sql`${wishes.map(({ claimId }) => claimId)}::uuid[]`;
  const nodeIds = sql`${wishes.map(({ nodeId }) => nodeId)}::text[]`;
  const workers = sql`${wishes.map(({ worker }) => worker)}::text[]`;
  return sql`taken as (
      update task t set state = ${working}, revision = t.revision + 1, attempts = t.attempts + 1,
        fence = t.fence + 1, hold_fence = t.fence + 1, node_id = (${nodeIds})[${wish}],
        worker = (${workers})[${wish}], claim_id = (${claimIds})[${wish}], claim_ms = ${now}, lease_ms = ${now} + t.heartbeat_ms,
        hold_end_ms = null, hold_failure = null, progress = null
      from head h where t.ctid = any(array(select h.tid from head h)) and t.ctid = h.tid
        and t.tenant_id = ${tenant}
      returning ${wish} as wish, t.claim_id, t.attempt_ms, ${read}
    ), noted as (
      insert into task_claim as c (tenant_id, claim_id, wake_ms, ids)
      select ${tenant}, k.claim_id, least(${now} + ${claimLookMs}::bigint, min(k.lease_ms),
        ${now} + min(nullif(k.attempt_ms, 0)), min(k.until_ms)), array_agg(k.id)
      from taken k group by k.claim_id order by k.claim_id
      on conflict (tenant_id, claim_id) do update
      set wake_ms = least(c.wake_ms, excluded.wake_ms),
        ids = case when c.ids = (select e.ids from earlier e where e.claim_id = c.claim_id)
            and not exists (select from held h where h.claim_id = c.claim_id)
          then excluded.ids else c.ids || excluded.ids end
    )`;
}
