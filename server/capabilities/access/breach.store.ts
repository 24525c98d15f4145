import type { TenantTx } from "../../runtime/storage/storage.ts";
import { breachMs, type Breach } from "./breach.ts";

/** Counts a breach, and forgets those that count no longer; returns all of the same node. */
export async function countBreach(tx: TenantTx, breach: Breach): Promise<Breach[]> {
  const { nodeId, cursor, timeMs, batches } = breach;
  await tx.sql
    .deleteFrom("access_breach")
    .where("tenant_id", "=", tx.tenant)
    .where("time_ms", "<=", BigInt(tx.nowMs - breachMs))
    .execute();
  await tx.sql
    .insertInto("access_breach")
    .values({ tenant_id: tx.tenant, node_id: nodeId, cursor, time_ms: BigInt(timeMs), batches })
    .onConflict((on) => on.doNothing())
    .execute();
  const rows = await tx.sql
    .selectFrom("access_breach")
    .select(["cursor", "time_ms", "batches"])
    .where("tenant_id", "=", tx.tenant)
    .where("node_id", "=", nodeId)
    .orderBy("cursor")
    .execute();
  return rows.map((row) => ({
    nodeId,
    cursor: row.cursor,
    timeMs: Number(row.time_ms),
    batches: row.batches,
  }));
}

/** They led to a quarantine, and count no more once that is over. */
export async function dropBreaches(tx: TenantTx, nodeId: string): Promise<void> {
  await tx.sql
    .deleteFrom("access_breach")
    .where("tenant_id", "=", tx.tenant)
    .where("node_id", "=", nodeId)
    .execute();
}
