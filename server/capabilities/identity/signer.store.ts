import { base64url, fromBase64url } from "@foedus/kernel/bytes.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

const prefix = "signing_key/";

/** The key with which one hub signs. */
export interface DomainKey {
  readonly spiffeId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The keys with which hubs over this database sign, so that each can tell others all of them. */
export interface DomainKeys {
  /** As last read; none is ever taken away: old events stay provable. */
  known(): readonly DomainKey[];
  /** Reads what other processes added. */
  read(): Promise<readonly DomainKey[]>;
}

/** Writes down this hub's own key, and reads those of the others. */
export async function openDomainKeys(storage: Storage, own: DomainKey): Promise<DomainKeys> {
  let known: readonly DomainKey[] = [own];
  const read = async () => {
    known = await storage.tenant(hubTenant, async (tx) => {
      const { rows } = await sql<{ name: string; value: string }>`select name, value from hub_fact
        where tenant_id = ${hubTenant} and starts_with(name, ${prefix}) order by name`.execute(
        tx.sql,
      );
      return rows.map(({ name, value: spiffeId }) => {
        return { spiffeId, publicKey: fromBase64url(name.slice(prefix.length)) };
      });
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
