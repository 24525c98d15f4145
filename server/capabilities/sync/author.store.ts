import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";

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
