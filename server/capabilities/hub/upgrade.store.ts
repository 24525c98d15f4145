import { hubTenant } from "@foedus/kernel/tenant.ts";
import { backupFact } from "../../runtime/storage/facts.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

/** When the newest backup was made, in milliseconds since 1970; undefined for never. */
export async function readBackupMs(storage: Storage): Promise<number | undefined> {
  return await storage.tenant(hubTenant, async ({ sql }) => {
    const row = await sql
      .selectFrom("hub_fact")
      .select("value")
      .where("tenant_id", "=", hubTenant)
      .where("name", "=", backupFact)
      .executeTakeFirst();
    return row === undefined ? undefined : Number(row.value);
  });
}
