import type { ReportLinkRequest } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { ReportLinkRequestSchema } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { toBody } from "../../runtime/storage/body.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Known } from "./link.ts";

/** A report as it came in. */
export interface Report {
  readonly tenant: TenantId;
  readonly nodeId: string;
  readonly receivedMs: number;
  readonly request: ReportLinkRequest;
}

const reportsMax = 500;

/**
 * Stores reports, many in one statement. A group spans tenants, so it runs as foedus_sweep; tenant
 * and node of each row come from the caller's certificate and from nowhere else.
 */
export function reportWriter(storage: Storage): GroupCommit<Report, Known> {
  return new GroupCommit((reports) => storeReports(storage, reports), { itemsMax: reportsMax });
}

/** Of two reports of one node in a group the newer is stored, and the older counts as overtaken. */
async function storeReports(storage: Storage, reports: readonly Report[]): Promise<Known[]> {
  const { rows } = await sql<Known>`
    with report as (
      select * from unnest(
        ${reports.map((one) => one.tenant)}::text[],
        ${reports.map((one) => one.nodeId)}::text[],
        ${reports.map((one) => one.request.epoch)}::bigint[],
        ${reports.map((one) => one.request.sequence)}::bigint[],
        ${reports.map((one) => one.receivedMs)}::bigint[],
        ${reports.map((one) => toBody(ReportLinkRequestSchema, one.request))}::bytea[]
      ) with ordinality as r (tenant_id, node_id, epoch, sequence, report_ms, report, at)
    ), newest as (
      select distinct on (tenant_id, node_id) * from report
      order by tenant_id, node_id, epoch desc, sequence desc, at
    ), locked as (
      select l.tenant_id, l.node_id, l.epoch, l.sequence
      from link l join newest n using (tenant_id, node_id)
      order by l.tenant_id, l.node_id for update of l
    ), kept as (
      update link l set epoch = n.epoch, sequence = n.sequence, report_ms = n.report_ms,
        report = n.report
      from newest n join locked k using (tenant_id, node_id)
      where l.tenant_id = k.tenant_id and l.node_id = k.node_id
        and (n.epoch, n.sequence) > (k.epoch, k.sequence)
      returning n.at
    )
    select l.node_id is not null as opened, kept.at is not null as kept
    from report r
    left join link l on l.tenant_id = r.tenant_id and l.node_id = r.node_id
    left join kept on kept.at = r.at
    order by r.at`
    .execute(storage.sweeper)
    .catch(rethrowFault);
  return rows;
}
