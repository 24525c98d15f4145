import { issuedMs } from "@foedus/kernel/sync/replica.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { eachCell } from "./digest.store.ts";
import { streamOf, type NameRow } from "./status.store.ts";

interface OldRow extends NameRow {
  tenant_id: string;
  stream_id: number;
  replicas: string[];
}

/**
 * Forgets replicas whose keys are too old to write, unless a value or a tombstone of theirs is
 * still there: whoever supersedes that must be known to have seen it. What is needed is asked for
 * again after as long. Returns how many were forgotten.
 */
export async function forgetMarks(
  storage: Storage,
  dedupeMs: number,
  nowMs: number,
): Promise<number> {
  const bound = { beforeMs: nowMs - dedupeMs, nowMs };
  const { rows } = await sql<OldRow>`
    select s.tenant_id, s.stream_id, s.collection, s.partition, s.zone, s.lane,
           array_agg(m.replica) as replicas
    from sync_mark m join sync_stream s on s.tenant_id = m.tenant_id and s.stream_id = m.stream_id
    where m.needed_ms <= ${bound.beforeMs}
    group by s.tenant_id, s.stream_id, s.collection, s.partition, s.zone, s.lane`.execute(
    storage.sweeper,
  );
  let forgotten = 0;
  for (const row of rows) forgotten += await forgetOf(storage, row, bound);
  return forgotten;
}

interface Bound {
  readonly beforeMs: number;
  readonly nowMs: number;
}

async function forgetOf(storage: Storage, row: OldRow, { beforeMs, nowMs }: Bound) {
  const tenant = tenantProved(row.tenant_id);
  const isOld = (replica: string) => !(issuedMs(replica) > beforeMs);
  return await storage.tenant(tenant, async (tx) => {
    const named = new Set<string>();
    await eachCell(tx, { tenant, stream: streamOf(row) }, ({ siblings, pending }) => {
      for (const { dot } of siblings) if (dot !== undefined) named.add(dot.replica);
      for (const { replica } of pending) named.add(replica);
    });
    const isGone = (replica: string) => isOld(replica) && !named.has(replica);
    // Of one that has written meanwhile the row is newer, and stays as it is.
    const still = sql`tenant_id = ${tenant} and stream_id = ${row.stream_id}
      and needed_ms <= ${beforeMs}`;
    const gone = await sql`
      delete from sync_mark where ${still}
        and replica = any(${row.replicas.filter(isGone)}::text[])`.execute(tx.sql);
    await sql`update sync_mark set needed_ms = ${nowMs} where ${still}`.execute(tx.sql);
    return Number(gone.numAffectedRows ?? 0n);
  });
}
