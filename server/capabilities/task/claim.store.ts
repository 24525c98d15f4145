import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Holder } from "@foedus/kernel/task/standing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { ownSlot } from "./count.store.ts";
import { takeAllowance } from "./rate.store.ts";
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
}

const ready = sql.raw(String(TaskState.SUBMITTED));
const working = sql.raw(String(TaskState.WORKING));

/** What of a row is not known from the claim itself: fewer columns are read faster. */
const readColumns = [
  ...(["id", "line", "turn", "revision", "attempts", "fence", "told", "until_ms"] as const),
  ...(["ready_ms", "followed", "schedule_id", "submitter", "create_ms", "first_state"] as const),
  ...(["claim_id", "claim_ms", "lease_ms", "progress", "spent", "cancellation", "body"] as const),
];
const read = sql.raw(readColumns.map((name) => `t.${name}`).join(", "));

type ClaimRow = Pick<TaskRow, (typeof readColumns)[number]> & {
  readonly gate: "open" | "paused" | "limited";
};

/**
 * Claims for many workers in one statement, sharing out fairly: each gets one before one gets two.
 * A claim_id that holds tasks already gets those, and no others.
 */
export async function claimTasks(storage: Storage, claim: Claim): Promise<Claimed> {
  const rows = await run(storage, claim, undefined);
  const [first] = rows;
  if (first?.gate !== "limited") return claimedOf(claim, rows);
  const wanted = claim.wishes.reduce((sum, { count }) => sum + count, 0);
  const allowed = await takeAllowance(storage, claim, wanted);
  return claimedOf(claim, await run(storage, claim, allowed));
}

function claimedOf(claim: Claim, rows: readonly ClaimRow[]): Claimed {
  const { wishes } = claim;
  const held = rows.filter(({ id }) => id !== null);
  held.sort((one, other) => one.turn - other.turn);
  const byClaim = Map.groupBy(held, (row) => row.claim_id);
  const gate = rows[0]?.gate === "paused" ? "paused" : "open";
  const tasks = wishes.map((wish) =>
    (byClaim.get(wish.claimId) ?? []).map((row) => heldBy(claim, wish, row)),
  );
  return { tasks, gate };
}

const unset = { due_ms: null, hold_end_ms: null, hold_failure: null, blockers: 0 };

function heldBy({ tenant, queue }: Claim, { nodeId, worker }: Holder, row: ClaimRow): Stored {
  const holder = { node_id: nodeId, worker, hold_fence: row.fence, state: TaskState.WORKING };
  return storedOf({ ...row, ...unset, ...holder, tenant_id: tenant, queue });
}

/** `allowed` is what the rate lets pass; undefined when it was not asked yet. */
async function run(
  storage: Storage,
  claim: Claim,
  allowed: number | undefined,
): Promise<ClaimRow[]> {
  const { tenant, queue, lines } = claim;
  const { rows } = await sql<ClaimRow>`/*task.claim*/
    with gate as (
      select coalesce((select case when q.paused then 'paused'
          when q.per_minute > 0 and ${allowed ?? -1}::integer < 0 then 'limited' end
        from task_queue q where q.tenant_id = ${tenant} and q.name = ${queue}), 'open') as gate
    ), ${slots(claim)}, wanted as (
      select least(count(*), ${allowed ?? null}::integer) as count from slot
    ), head as (
      select h.id, row_number() over (order by h.turn, h.id) as place
      from unnest(${lines}::uuid[]) as l (line) cross join lateral (
        select t.id, t.turn from task t
        where t.tenant_id = ${tenant} and t.line = l.line and t.state = ${ready}
        order by t.turn limit (select w.count from wanted w) for update skip locked
      ) as h
      order by h.turn, h.id limit (select w.count from wanted w)
    ), ${takes(tenant, storage.nowMs())}, counted as (
      insert into task_count as c (tenant_id, queue, slot, turn, ready, working)
      select ${tenant}, ${queue}, ${ownSlot}, sum.turn, -sum.count, sum.count
      from (select max(k.turn) as turn, count(*) as count from taken k) as sum where sum.count > 0
      on conflict (tenant_id, queue, slot) do update set turn = greatest(c.turn, excluded.turn),
        ready = c.ready + excluded.ready, working = c.working + excluded.working
    )
    select g.gate, a.* from gate g
    left join (select * from known union all select * from taken) as a on true`
    .execute(storage.sweeper)
    .catch(rethrowFault);
  return rows;
}

/** `known`: what the claims hold already; `slot`: one for each task that somebody else wants. */
function slots({ tenant, wishes }: Claim) {
  const claimIds = sql`${wishes.map(({ claimId }) => claimId)}::uuid[]`;
  const nodeIds = sql`${wishes.map(({ nodeId }) => nodeId)}::text[]`;
  return sql`known as (
      select ${read} from task t where t.tenant_id = ${tenant} and t.state = ${working}
        and t.claim_id = any(${claimIds})
        and (t.claim_id, t.node_id) in (select * from unnest(${claimIds}, ${nodeIds}))
    ), slot as (
      select w.claim_id, w.node_id, w.worker, row_number() over (order by n.n, w.place) as place
      from unnest(${claimIds}, ${nodeIds},
        ${wishes.map(({ worker }) => worker)}::text[],
        ${wishes.map(({ count }) => count)}::integer[]
      ) with ordinality as w (claim_id, node_id, worker, count, place)
      cross join lateral generate_series(1, w.count) as n (n)
      where w.claim_id not in (select k.claim_id from known k)
        and (select g.gate from gate g) = 'open'
    )`;
}

/** `taken`: the heads, held by whoever's slot they came to. */
function takes(tenant: TenantId, nowMs: number) {
  return sql`taken as (
      update task t set state = ${working}, revision = t.revision + 1, attempts = t.attempts + 1,
        fence = t.fence + 1, hold_fence = t.fence + 1, node_id = s.node_id, worker = s.worker,
        claim_id = s.claim_id, claim_ms = ${nowMs}::bigint,
        lease_ms = ${nowMs}::bigint + t.heartbeat_ms, hold_end_ms = null, hold_failure = null,
        progress = null, wake_ms = least(${nowMs}::bigint + t.heartbeat_ms,
          ${nowMs}::bigint + nullif(t.attempt_ms, 0), t.until_ms)
      from head h join slot s on s.place = h.place
      where t.tenant_id = ${tenant} and t.id = h.id
      returning ${read}
    )`;
}
