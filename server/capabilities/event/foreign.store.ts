import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

/** A key and the hub that signed with it. */
export interface ForeignSigner {
  readonly source: string;
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * Keeps keys of peers' hubs, so that their events stay provable when the peer is gone. A key is one
 * hub's: what another one says with it is refused.
 */
export function foreignSigners(storage: Storage) {
  const kept = new Set<string>();
  return async (tenant: TenantId, { source, keyId, publicKey }: ForeignSigner): Promise<void> => {
    const name = `${tenant} ${hex(keyId)} ${source}`;
    if (kept.has(name)) return;
    const owner = await storage.tenant(tenant, async (tx) => {
      await sql`
        insert into event_signer (tenant_id, key_id, source, public_key)
        values (${tenant}, ${Buffer.from(keyId)}, ${source}, ${Buffer.from(publicKey)})
        on conflict do nothing`.execute(tx.sql);
      const { rows } = await sql<{ source: string }>`select source from event_signer
        where tenant_id = ${tenant} and key_id = ${Buffer.from(keyId)}`.execute(tx.sql);
      return rows[0]?.source;
    });
    if (owner !== source) {
      throw new Fault(Reason.EVENT_KEY_UNKNOWN, { key_id: hex(keyId), source });
    }
    kept.add(name);
  };
}
