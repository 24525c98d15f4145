import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { leaseKind } from "./node.row.store.ts";

/** A node that may have changed, of some tenant. */
export interface Suspect {
  readonly tenant: TenantId;
  readonly nodeId: string;
}

/** The largest number of suspects of one look. */
export const suspectsMax = 1_000;

/**
 * Nodes that stood up when last told and whose leases have lapsed, or come within `leadMs` of it:
 * one heartbeat is missed then. Read along the index of expiry, so its cost follows who is
 * silent.
 */
export async function findSilent(
  storage: Storage,
  nowMs: number,
  leadMs: number,
): Promise<Suspect[]> {
  const { rows } = await sql<{ tenant_id: string; name: string }>`
    select l.tenant_id, l.name from lease l
    join node n on n.tenant_id = l.tenant_id and n.id = l.name
    where l.kind = ${leaseKind} and l.expire_ms <= ${nowMs + leadMs}
      and (n.state = ${NodeState.ONLINE}
           or n.state = ${NodeState.DEGRADED} and l.expire_ms <= ${nowMs})
    order by l.expire_ms limit ${suspectsMax}`.execute(storage.sweeper);
  return rows.map((row) => ({ tenant: tenantProved(row.tenant_id), nodeId: row.name }));
}
