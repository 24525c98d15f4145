import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage, SweepTx } from "../../runtime/storage/storage.ts";

/**
 * The name this database stamps as. It takes a new one when the tables were carried to another
 * cluster, database or timeline, as a restore does: the stamps given since the backup are lost here
 * and known elsewhere, and none of them may be given out twice. Two hubs over one database agree.
 */
export async function openIncarnation(storage: Storage): Promise<string> {
  return await storage.sweep(async (tx) => {
    const known = await lockIncarnation(tx);
    const here = await identityOf(tx);
    if (known?.identity === here) return known.name;
    return await beginIncarnation(tx, storage, here);
  });
}

/** Takes a new name, because a parent knows more stamps of this one than were given here. */
export async function renewIncarnation(storage: Storage, reused: string): Promise<string> {
  return await storage.sweep(async (tx) => {
    const known = await lockIncarnation(tx);
    const here = await identityOf(tx);
    // Another process has noticed as well, and was faster.
    if (known?.identity === here && known.name !== reused) return known.name;
    return await beginIncarnation(tx, storage, here);
  });
}

/**
 * Whether a name is still the one to stamp as. It is not when another process took a new one, or
 * when another cluster, database or timeline answers under the address by now.
 */
export async function isCurrent({ sweeper }: Storage, name: string): Promise<boolean> {
  const { rows } = await sql<{ name: string; is_same: boolean }>`
    select name, identity = ${identity} as is_same from sync_incarnation
    where tenant_id = ${hubTenant}`.execute(sweeper);
  return rows[0]?.name === name && rows[0].is_same;
}

/** The name it stamps as now; undefined before the first. */
export async function readIncarnation(storage: Storage): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from sync_incarnation where tenant_id = ${hubTenant}`.execute(storage.sweeper);
  return rows[0]?.name;
}

async function lockIncarnation(
  tx: SweepTx,
): Promise<{ readonly name: string; readonly identity: string } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('sync_incarnation'))`.execute(tx.sql);
  const { rows } = await sql<{ name: string; identity: string }>`
    select name, identity from sync_incarnation where tenant_id = ${hubTenant}`.execute(tx.sql);
  return rows[0];
}

/**
 * The cluster, its timeline, the database and the very table: no backup brings all of them along.
 */
const identity = sql.raw(`concat_ws('.', (select system_identifier from pg_control_system()),
  (select timeline_id from pg_control_checkpoint()),
  (select oid from pg_database where datname = current_database()),
  'sync_incarnation'::regclass::oid)`);

async function identityOf(tx: SweepTx): Promise<string> {
  const { rows } = await sql<{ identity: string }>`select ${identity} as identity`.execute(tx.sql);
  return rows[0]?.identity ?? "";
}

/** All streams begin another life, in which no place means what it meant. */
async function beginIncarnation(tx: SweepTx, storage: Storage, here: string): Promise<string> {
  const name = newReplica(storage.world);
  await sql`
    insert into sync_incarnation (tenant_id, name, identity, begin_ms)
    values (${hubTenant}, ${name}, ${here}, ${tx.nowMs})
    on conflict (tenant_id) do update set name = excluded.name, identity = excluded.identity,
      begin_ms = excluded.begin_ms`.execute(tx.sql);
  await sql`
    update sync_stream set hub = ${name}, epoch = ${name}, written_ms = ${tx.nowMs}`.execute(
    tx.sql,
  );
  return name;
}
