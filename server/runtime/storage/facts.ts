import { hubTenant } from "@foedus/kernel/tenant.ts";
import pg from "pg";
import { faultOf } from "./fault.ts";

/** The fact that says when the newest backup was made, in milliseconds since 1970. */
export const backupFact = "backup_ms";

/** Writes down when a backup was made, from outside of a running hub. */
export async function noteBackup(url: string, nowMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "foedus backup" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("set role foedus_owner");
    await client.query(
      `insert into hub_fact (tenant_id, name, value)
       values ($1, $2, $3)
       on conflict (tenant_id, name) do update set value = excluded.value`,
      [hubTenant, backupFact, String(nowMs)],
    );
  } catch (error) {
    throw faultOf(error);
  } finally {
    await client.end();
  }
}
