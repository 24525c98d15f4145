import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Span } from "./window.ts";

/** How often a hub notes that it is there. */
export const watchEveryMs = 10_000;

/** After how long without such a note nobody was there. */
export const awayMs = 30_000;

/** So many absences are remembered, the newest; cycles look back over half an hour of presence. */
const absencesMax = 64;

/** Notes that a hub is there, for all tenants; one whose cycle runs just now notes it itself. */
export async function watchAll(storage: Storage): Promise<void> {
  await note(storage.nowMs()).execute(storage.sweeper);
}

/** Notes that a hub is there, and says when none was, newest first. */
export async function watch(tx: TenantTx): Promise<Span[]> {
  await note(tx.nowMs, tx).execute(tx.sql);
  const { rows } = await sql<{ from_ms: bigint; to_ms: bigint }>`
    select from_ms, to_ms from learning_away where tenant_id = ${tx.tenant}
    order by from_ms desc limit ${absencesMax}`.execute(tx.sql);
  return rows.map((row) => ({ fromMs: Number(row.from_ms), toMs: Number(row.to_ms) }));
}

/** Of several hubs that come back the first notes the absence: the others find it noted. */
function note(nowMs: number, tx?: TenantTx) {
  const whose = tx === undefined ? sql`` : sql`and tenant_id = ${tx.tenant}`;
  return sql`
    with due as (
      select tenant_id, watched_ms from learning_state
      where watched_ms <= ${nowMs - watchEveryMs} ${whose}
      for update ${tx === undefined ? sql`skip locked` : sql``}
    ), noted as (
      insert into learning_away (tenant_id, from_ms, to_ms)
      select tenant_id, watched_ms, ${nowMs} from due
      where watched_ms > 0 and watched_ms < ${nowMs - awayMs}
    )
    update learning_state as s set watched_ms = ${nowMs} from due
    where s.tenant_id = due.tenant_id`;
}

/** Forgets absences beyond those that are looked at. */
export async function forgetAbsences(tx: TenantTx): Promise<void> {
  await sql`
    delete from learning_away where tenant_id = ${tx.tenant} and from_ms < (
      select min(from_ms) from (
        select from_ms from learning_away where tenant_id = ${tx.tenant}
        order by from_ms desc limit ${absencesMax}) as newest)`.execute(tx.sql);
}
