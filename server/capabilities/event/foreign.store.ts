import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

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
  const kept = new Map<string, Promise<void>>();
  return (tenant: TenantId, signer: ForeignSigner): Promise<void> => {
    const name = `${tenant} ${hex(signer.keyId)} ${signer.source}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const keeping = storage.tenant(tenant, (tx) => keepKey(tx, signer));
    kept.set(name, keeping);
    keeping.catch(() => kept.delete(name));
    return keeping;
  };
}

async function keepKey(tx: TenantTx, { source, keyId, publicKey }: ForeignSigner): Promise<void> {
  await sql`
    insert into event_signer (tenant_id, key_id, source, public_key)
    values (${tx.tenant}, ${Buffer.from(keyId)}, ${source}, ${Buffer.from(publicKey)})
    on conflict do nothing`.execute(tx.sql);
  const { rows } = await sql<{ source: string }>`select source from event_signer
    where tenant_id = ${tx.tenant} and key_id = ${Buffer.from(keyId)}`.execute(tx.sql);
  if (rows[0]?.source === source) return;
  throw new Fault(Reason.EVENT_KEY_UNKNOWN, { key_id: hex(keyId), source });
}
