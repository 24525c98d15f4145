import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import type { SweepTx } from "../../runtime/storage/storage.ts";
import { keyOf, type TaskKey } from "./lock.store.ts";
import type { Stored } from "./row.store.ts";

const working = sql.raw(String(TaskState.WORKING));

/** A claim is looked at so often, at least: most are done with by then, and forgotten. */
export const claimLookMs = 60_000;
/** When one is looked at again whose tasks somebody works on. */
const againMs = 200;

interface HeldRow {
  readonly tenant_id: string;
  readonly claim_id: string;
  readonly id: string | null;
  readonly wake_ms: bigint | null;
}

/** Claims whose time has come, and what is held by them. */
export interface DueClaims {
  /** How many were looked at; the limit when some are left for the next turn. */
  readonly count: number;
  readonly rows: readonly HeldRow[];
  /** Those of their tasks that a lease or a deadline is over of. */
  readonly due: readonly TaskKey[];
}

/**
 * Locks claims that have to be looked at. Which tasks they hold is asked in a statement of its own,
 * so that it sees what whoever held the lock before has done.
 */
export async function dueClaims(tx: SweepTx, limit: number): Promise<DueClaims> {
  const { rows: claims } = await sql<{ tenant_id: string; claim_id: string; ids: string[] }>`
    /*task.claims*/ select tenant_id, claim_id, ids from task_claim
    where wake_ms <= ${tx.nowMs} order by wake_ms limit ${limit}
    for update skip locked`.execute(tx.sql);
  if (claims.length === 0) return { count: 0, rows: [], due: [] };
  const of = <Value>(value: (claim: (typeof claims)[number], id: string) => Value) =>
    claims.flatMap((claim) => claim.ids.map((id) => value(claim, id)));
  const { rows } = await sql<HeldRow>`/*task.held*/
    select k.tenant_id, k.claim_id, t.id,
      least(t.lease_ms, t.claim_ms + nullif(t.attempt_ms, 0), t.until_ms) as wake_ms
    from unnest(${of(({ tenant_id: tenant }) => tenant)}::text[],
      ${of(({ claim_id: claimId }) => claimId)}::uuid[],
      ${of((_, id) => id)}::text[]) as k (tenant_id, claim_id, id)
    left join task t on t.tenant_id = k.tenant_id and t.id = k.id and t.claim_id = k.claim_id
      and t.state = ${working}`.execute(tx.sql);
  const isDue = ({ id, wake_ms: ms }: HeldRow) => id !== null && Number(ms) <= tx.nowMs;
  const now = upTo(limit, rows, isDue);
  const due = now.flatMap((row) => {
    const { tenant_id: tenant, id } = row;
    return id !== null && isDue(row) ? [{ tenant, id }] : [];
  });
  return { count: now.length < rows.length ? limit : claims.length, rows: now, due };
}

/** Whole claims, until so many of their tasks are due: the others stay due for the next turn. */
function upTo(limit: number, rows: readonly HeldRow[], isDue: (row: HeldRow) => boolean) {
  const taken: HeldRow[] = [];
  let count = 0;
  for (const claim of claimsOf(rows).values()) {
    count += claim.filter(isDue).length;
    if (taken.length > 0 && count > limit) return taken;
    taken.push(...claim);
  }
  return taken;
}

function claimsOf(rows: readonly HeldRow[]): Map<string, HeldRow[]> {
  return Map.groupBy(rows, ({ claim_id: id, tenant_id: tenant }) => `${tenant}/${id}`);
}

/** Notes what claims hold now and when to look again; `moved` was changed meanwhile. */
export async function keepClaims(
  tx: SweepTx,
  { rows }: DueClaims,
  moved: readonly Stored[],
): Promise<void> {
  const over = new Set(
    moved.filter(({ live }) => live.standing.state !== TaskState.WORKING).map(keyOf),
  );
  const kept = [...claimsOf(rows).values()].map((all) => {
    const held = all.flatMap(({ tenant_id: tenant, id, wake_ms: ms }) =>
      id === null || over.has(keyOf({ tenant, id })) ? [] : [{ id, ms: Number(ms) }],
    );
    const next = Math.min(tx.nowMs + claimLookMs, ...held.map(({ ms }) => ms));
    return { all, ids: held.map(({ id }) => id), next: Math.max(tx.nowMs + againMs, next) };
  });
  const [held, empty] = [
    kept.filter(({ ids }) => ids.length > 0),
    kept.filter(({ ids }) => ids.length === 0),
  ];
  if (held.length > 0) {
    await sql`/*task.keep*/ update task_claim c set wake_ms = k.wake_ms,
        ids = array(select jsonb_array_elements_text(k.ids))
      from unnest(${of(held, "tenant_id")}::text[], ${of(held, "claim_id")}::uuid[],
        ${held.map(({ next }) => next)}::bigint[],
        ${held.map(({ ids }) => JSON.stringify(ids))}::jsonb[]
      ) as k (tenant_id, claim_id, wake_ms, ids)
      where c.tenant_id = k.tenant_id and c.claim_id = k.claim_id`.execute(tx.sql);
  }
  if (empty.length === 0) return;
  await sql`/*task.forget*/ delete from task_claim c
    using unnest(${of(empty, "tenant_id")}::text[], ${of(empty, "claim_id")}::uuid[]) as k (t, id)
    where c.tenant_id = k.t and c.claim_id = k.id`.execute(tx.sql);
}

function of(
  claims: readonly { readonly all: readonly HeldRow[] }[],
  name: "tenant_id" | "claim_id",
): string[] {
  return claims.map(({ all }) => all[0]?.[name] ?? "");
}
