import { create } from "@bufbuild/protobuf";
import { GrantSchema, type Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { isDefault } from "./grant.ts";
import { Remembered } from "./remembered.ts";

interface GrantRow {
  node_id: string;
  zones: string[];
  relays: boolean;
}

/** The table of grants; the names of nodes are not in it. */
export type GrantStore = ReturnType<typeof grantStore>;

/** Reads and gives grants. */
export function grantStore(storage: Storage) {
  const known = new Remembered<Grant | undefined>(storage.world.clock);
  const nameOf = (tenant: TenantId, nodeId: string) => `${tenant}/${nodeId}`;
  const forget = (tenant: TenantId, nodeId: string) => known.forget(nameOf(tenant, nodeId));
  return {
    /**
     * What one node was granted beside the default: asked for by each call of sync. What another
     * process changed is forgotten as soon as that is heard of, and until then what was read last
     * is told, for half a minute at most. The same promise as long as it is remembered.
     */
    find: (tenant: TenantId, nodeId: string): Promise<Grant | undefined> =>
      known.of(nameOf(tenant, nodeId), () => storage.tenant(tenant, (tx) => readGrant(tx, nodeId))),

    /** It may be another by now. */
    forget,

    /** All may be others by now. */
    forgetAll: (): void => known.clear(),

    /** A page by node id; of one node only, where that is asked for. */
    list: (tenant: TenantId, wish: PageWish, nodeId: string | undefined): Promise<Grant[]> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<GrantRow>`
          select node_id, zones, relays from sync_grant
          where tenant_id = ${tx.tenant} and node_id > ${wish.after?.[0] ?? ""}
            and (${nodeId ?? null}::text is null or node_id = ${nodeId ?? null})
          order by node_id limit ${wish.size}`.execute(tx.sql);
        return rows.map(grantOf);
      }),

    /** Gives or takes away, by the rule; what holds for everybody leaves no row. */
    change: (
      write: Write,
      nodeId: string,
      transition: (known: Grant | undefined) => Change<Grant>,
    ): Promise<Grant> =>
      decide(storage, write, GrantSchema, async (tx) => {
        const { next, facts } = transition(await readGrant(tx, nodeId, sql`for update`));
        if (isDefault(next)) await dropGrants(tx, [nodeId]);
        else await saveGrant(tx, next);
        return { answer: next, facts, object: nodeId };
      }).finally(() => forget(write.caller.tenant, nodeId)),
  };
}

/** Forgets what was granted to nodes. */
export async function dropGrants(tx: TenantTx, nodeIds: readonly string[]): Promise<void> {
  await sql`delete from sync_grant where tenant_id = ${tx.tenant}
    and node_id = any(${[...nodeIds]}::text[])`.execute(tx.sql);
}

async function readGrant(tx: TenantTx, nodeId: string, lock = sql``): Promise<Grant | undefined> {
  const { rows } = await sql<GrantRow>`
    select node_id, zones, relays from sync_grant
    where tenant_id = ${tx.tenant} and node_id = ${nodeId} ${lock}`.execute(tx.sql);
  return rows[0] && grantOf(rows[0]);
}

async function saveGrant(tx: TenantTx, { nodeId, zones, relays }: Grant): Promise<void> {
  await sql`
    insert into sync_grant (tenant_id, node_id, zones, relays, change_ms)
    values (${tx.tenant}, ${nodeId}, ${zones}::text[], ${relays}, ${tx.nowMs})
    on conflict (tenant_id, node_id) do update
    set zones = excluded.zones, relays = excluded.relays, change_ms = excluded.change_ms
  `.execute(tx.sql);
}

function grantOf({ node_id, zones, relays }: GrantRow): Grant {
  return create(GrantSchema, { nodeId: node_id, zones, relays });
}
