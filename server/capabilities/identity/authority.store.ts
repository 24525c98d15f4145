import { hubTenant } from "@foedus/kernel/tenant.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { isAnotherLive } from "../../runtime/storage/processes.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

const factName = "ca_hash";

/** Which root the nodes of this database trust. */
export function authorityStore(storage: Storage, hubId: string) {
  return {
    /**
     * The hash of that root; undefined as long as nobody has joined, and no other hub could let
     * somebody join.
     */
    async trusted(): Promise<string | undefined> {
      const anybody = await storage.sweeper
        .selectFrom("identity")
        .select("node_id")
        .limit(1)
        .executeTakeFirst()
        .catch(rethrowFault);
      const nobody = anybody === undefined && !(await isAnotherLive(storage, hubId));
      if (nobody) return undefined;
      return await storage.tenant(hubTenant, async ({ sql }) => {
        const row = await sql
          .selectFrom("hub_fact")
          .select("value")
          .where("tenant_id", "=", hubTenant)
          .where("name", "=", factName)
          .executeTakeFirst();
        return row?.value;
      });
    },

    /** Writes down the root that nodes will trust. */
    async trust(caHash: string): Promise<void> {
      await storage.tenant(hubTenant, async ({ sql }) => {
        await sql
          .insertInto("hub_fact")
          .values({ tenant_id: hubTenant, name: factName, value: caHash })
          .onConflict((row) => row.columns(["tenant_id", "name"]).doUpdateSet({ value: caHash }))
          .execute();
      });
    },
  };
}
