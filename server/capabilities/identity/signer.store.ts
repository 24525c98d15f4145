import { base64url, fromBase64url } from "@foedus/kernel/bytes.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

const prefix = "signing_key/";

/** The keys with which hubs over this database sign, so that each can tell others all of them. */
export interface DomainKeys {
  /** Ed25519 public keys, as last read; none is ever taken away: old events stay provable. */
  known(): readonly Uint8Array[];
  /** Reads what other processes added. */
  read(): Promise<readonly Uint8Array[]>;
}

/** Writes down this hub's own key, and reads those of the others. */
export async function openDomainKeys(
  storage: Storage,
  own: { readonly spiffeId: string; readonly publicKey: Uint8Array },
): Promise<DomainKeys> {
  let known: readonly Uint8Array[] = [own.publicKey];
  const read = async () => {
    known = await storage.tenant(hubTenant, async (tx) => {
      const { rows } = await sql<{ name: string }>`select name from hub_fact
        where tenant_id = ${hubTenant} and starts_with(name, ${prefix}) order by name`.execute(
        tx.sql,
      );
      return rows.map(({ name }) => fromBase64url(name.slice(prefix.length)));
    });
    return known;
  };
  await storage.tenant(hubTenant, async (tx) => {
    await sql`insert into hub_fact (tenant_id, name, value)
      values (${hubTenant}, ${prefix + base64url(own.publicKey)}, ${own.spiffeId})
      on conflict do nothing`.execute(tx.sql);
  });
  await read();
  return { known: () => known, read };
}
