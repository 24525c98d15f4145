import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubProcessSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Lease } from "./lease.ts";
import { acquireLease, releaseLease } from "./lease.ts";
import type { Storage } from "./storage.ts";

/** Who holds a process's place: the hub's id, and the machine and folder it runs from. */
export interface ProcessHolder {
  readonly hubId: string;
  readonly holder: string;
}

const leaseKind = "hub";

/** How long a hub counts as there after it said so last. */
export const processLeaseMs = 6_000;

/** How long one that died is still told of. */
const rememberedMs = 86_400_000;

/**
 * Says that the process is there, and what it is.
 *
 * @throws Fault LEASE_HELD while another process runs as the same hub.
 */
export async function keepProcess(
  storage: Storage,
  { hubId, holder }: ProcessHolder,
  process: HubProcess,
): Promise<Lease> {
  return await storage.tenant(hubTenant, async (tx) => {
    const wish = { kind: leaseKind, name: hubId, holder, forMs: processLeaseMs };
    const lease = await acquireLease(tx, wish);
    const body = Buffer.from(toBinary(HubProcessSchema, process));
    await sql`
      insert into hub_process (tenant_id, hub_id, body) values (${hubTenant}, ${hubId}, ${body})
      on conflict (tenant_id, hub_id) do update set body = excluded.body
      where hub_process.body <> excluded.body`.execute(tx.sql);
    return lease;
  });
}

/** Takes the process off the list, unless somebody else has its place by now. */
export async function leaveProcesses(storage: Storage, lease: Lease): Promise<void> {
  await storage.tenant(hubTenant, async (tx) => {
    await releaseLease(tx, lease);
    await sql`
      delete from hub_process p where p.tenant_id = ${hubTenant} and p.hub_id = ${lease.name}
        and exists (select from lease l where l.tenant_id = p.tenant_id and l.kind = ${leaseKind}
          and l.name = p.hub_id and l.fence = ${lease.fence})`.execute(tx.sql);
  });
}

/** All that are there, and those that died within a day; the given one first, then by start. */
export async function listProcesses(storage: Storage, firstHubId: string): Promise<HubProcess[]> {
  return await storage.tenant(hubTenant, async (tx) => {
    const { rows } = await sql<ProcessRow>`
      select p.hub_id, p.body, l.renewed_ms, l.expire_ms from hub_process p
      join lease l on l.tenant_id = p.tenant_id and l.kind = ${leaseKind} and l.name = p.hub_id
      where p.tenant_id = ${hubTenant} and l.expire_ms > ${tx.nowMs - rememberedMs}
      order by p.hub_id <> ${firstHubId}, p.hub_id`.execute(tx.sql);
    return rows.map((row) => processOf(row, tx.nowMs));
  });
}

/** Whether another hub than this one is there. */
export async function isAnotherLive(storage: Storage, hubId: string): Promise<boolean> {
  const processes = await listProcesses(storage, hubId);
  return processes.some((one) => one.live && !one.spiffeId.endsWith(`/${hubId}`));
}

interface ProcessRow {
  hub_id: string;
  body: Buffer;
  renewed_ms: bigint;
  expire_ms: bigint;
}

function processOf({ body, renewed_ms, expire_ms }: ProcessRow, nowMs: number): HubProcess {
  const seenTime = timestampFromMs(Number(renewed_ms));
  const told = fromBinary(HubProcessSchema, body);
  return create(HubProcessSchema, { ...told, seenTime, live: Number(expire_ms) > nowMs });
}
