import { issuedMs } from "@foedus/kernel/sync/replica.ts";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

/** Whose replicas these are, as far as somebody opened a session with them. */
export async function ownersOf(
  tx: TenantTx,
  replicas: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (replicas.length === 0) return new Map();
  const { rows } = await sql<{ replica: string; owner_id: string }>`
    select replica, owner_id from sync_writer
    where tenant_id = ${tx.tenant} and replica = any(${[...new Set(replicas)]}::text[])
  `.execute(tx.sql);
  return new Map(rows.map((row) => [row.replica, row.owner_id]));
}

/** Binds a key that was made just now. */
export async function bindReplica(tx: TenantTx, replica: string, ownerId: string): Promise<void> {
  await sql`insert into sync_writer (tenant_id, replica, owner_id, bind_ms)
    values (${tx.tenant}, ${replica}, ${ownerId}, ${tx.nowMs})`.execute(tx.sql);
}

/** How many keys are forgotten at once. */
const forgetMax = 10_000;

/**
 * Forgets whose the keys were that are too old to write and of which no stream knows anything:
 * whoever comes back with one binds it anew, and may read. Returns how many were forgotten.
 */
export async function forgetWriters(
  storage: Pick<Storage, "sweeper">,
  dedupeMs: number,
  nowMs: number,
): Promise<number> {
  const beforeMs = nowMs - dedupeMs;
  let [forgotten, after] = [0, ["", ""]];
  for (;;) {
    const { rows } = await sql<{ tenant_id: string; replica: string }>`
      select tenant_id, replica from sync_writer w
      where bind_ms <= ${beforeMs} and (tenant_id, replica) > (${after[0]}, ${after[1]})
        and not exists (
          select from sync_mark m where m.tenant_id = w.tenant_id and m.replica = w.replica)
      order by tenant_id, replica limit ${forgetMax}`.execute(storage.sweeper);
    const old = rows.filter(({ replica }) => !(issuedMs(replica) > beforeMs));
    const [tenants, replicas] = [old.map((row) => row.tenant_id), old.map((row) => row.replica)];
    await sql`delete from sync_writer w using unnest(${tenants}::text[], ${replicas}::text[])
        as u (tenant_id, replica)
      where w.tenant_id = u.tenant_id and w.replica = u.replica`.execute(storage.sweeper);
    forgotten += old.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < forgetMax) return forgotten;
    after = [last.tenant_id, last.replica];
  }
}
