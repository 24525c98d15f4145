import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { parentName } from "./opening.ts";
import { requireDrained, type Former } from "./uplink.ts";

/** Whether a parent that has answered is the one there was, or may follow it. */
export interface Parents {
  /** @throws Fault SYNC_PARENT_NOT_DRAINED */
  meet(opened: Pick<Opened, "hubName" | "zones">): Promise<void>;
}

/** Reads what the former parent lacks, before anybody writes more. */
export async function openParents(storage: Storage, tenant: string): Promise<Parents> {
  let former = await readParent(storage, tenant);
  return {
    async meet({ hubName: name, zones }) {
      const nowMs = storage.nowMs();
      requireDrained(former, name, nowMs, defaultLimits.leaseMs);
      await noteParent(storage, tenant, name, zones);
      former = { name, seenMs: nowMs, lacks: 0 };
    },
  };
}

/**
 * The parent that a tenant's streams went to last, and how many of them have places that it lacks;
 * undefined for one that never had any.
 */
export async function readParent(
  { sweeper }: Pick<Storage, "sweeper">,
  tenant: string,
): Promise<Former | undefined> {
  const { rows } = await sql<{ name: string; seen_ms: bigint; lacks: bigint }>`
    select p.name, p.seen_ms, (
      select count(*) from sync_stream s
      left join sync_lease l on l.tenant_id = s.tenant_id and l.stream_id = s.stream_id
        and l.peer = ${parentName}
      where s.tenant_id = p.tenant_id and s.zone = any(p.zones) and s.head > coalesce(l.seq, 0)
    ) as lacks
    from sync_parent p where p.tenant_id = ${tenant}`.execute(sweeper);
  const [row] = rows;
  if (row === undefined) return undefined;
  return { name: row.name, seenMs: Number(row.seen_ms), lacks: Number(row.lacks) };
}

/** Notes that a parent is there. */
export async function noteParent(
  storage: Pick<Storage, "sweep">,
  tenant: string,
  name: string,
  zones: readonly string[],
): Promise<void> {
  await storage.sweep(async (tx) => {
    await sql`
      insert into sync_parent (tenant_id, name, zones, seen_ms)
      values (${tenant}, ${name}, ${[...zones]}::text[], ${tx.nowMs})
      on conflict (tenant_id) do update set name = excluded.name, zones = excluded.zones,
        seen_ms = excluded.seen_ms`.execute(tx.sql);
  });
}
