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

/** Writing down and reading the keys of the hubs over this database. */
export function domainKeyStore(storage: Pick<Storage, "tenant">) {
  return {
    /** Writes a hub's key down, once. */
    add: ({ spiffeId, publicKey }: DomainKey): Promise<void> =>
      storage.tenant(hubTenant, async (tx) => {
        await sql`insert into hub_fact (tenant_id, name, value)
          values (${hubTenant}, ${prefix + base64url(publicKey)}, ${spiffeId})
          on conflict do nothing`.execute(tx.sql);
      }),

    /** All of them; none is ever taken away: old events stay provable. */
    readAll: (): Promise<readonly DomainKey[]> =>
      storage.tenant(hubTenant, async (tx) => {
        const { rows } = await sql<{ name: string; value: string }>`
          select name, value from hub_fact
          where tenant_id = ${hubTenant} and starts_with(name, ${prefix}) order by name`.execute(
          tx.sql,
        );
        return rows.map(({ name, value: spiffeId }) => {
          return { spiffeId, publicKey: fromBase64url(name.slice(prefix.length)) };
        });
      }),
  };
}
