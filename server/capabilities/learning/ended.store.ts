import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

/**
 * Forgets what was witnessed of nodes that are there no more, and the levels they were given:
 * cycles read all of it. Of a node that comes at this very moment it is witnessed anew.
 */
export async function forgetEnded(
  storage: Storage,
  tenant: TenantId,
  there: readonly string[],
): Promise<void> {
  await storage.tenant(tenant, async (tx) => {
    const ended = sql`tenant_id = ${tx.tenant} and node_id <> all(${there}::text[])`;
    await sql`delete from learning_witness where ${ended}`.execute(tx.sql);
    await sql`delete from learning_level where ${ended}`.execute(tx.sql);
  });
}
