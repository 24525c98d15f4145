import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { ReportLinkRequestSchema } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { reported } from "./link.ts";

/** The table of links. */
export type LinkStore = ReturnType<typeof linkStore>;

interface LinkRow {
  body: Buffer;
  report_ms: bigint | null;
  report: Buffer | null;
}

const selectLink = sql`select body, report_ms, report from link`;

/** Reads and opens links. */
export function linkStore(storage: Storage) {
  return {
    /** By the node's id or name; of two of a name, the newer node. */
    find: (tenant: TenantId, ref: string): Promise<Link> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<LinkRow>`${selectLink}
          where tenant_id = ${tx.tenant} and (node_id = ${ref} or node_name = ${ref})
          order by node_id desc limit 1`.execute(tx.sql);
        const [row] = rows;
        if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `link of ${ref}` });
        return linkOf(row);
      }),

    /** A page by node id. */
    list: (tenant: TenantId, wish: PageWish): Promise<Link[]> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<LinkRow>`${selectLink}
          where tenant_id = ${tx.tenant} and node_id > ${wish.after?.[0] ?? ""}
          order by node_id limit ${wish.size}`.execute(tx.sql);
        return rows.map(linkOf);
      }),

    /** Opens the link of a node; what it reported before stays. */
    open: (
      write: Write,
      nodeId: string,
      transition: (known: Link | undefined, nowMs: number) => Change<Link>,
    ): Promise<Link> =>
      decide(storage, write, LinkSchema, async (tx) => {
        const { next, facts } = transition(await lockLink(tx, nodeId), tx.nowMs);
        await sql`
          insert into link (tenant_id, node_id, node_name, body)
          values (${tx.tenant}, ${nodeId}, ${next.nodeName}, ${toBody(LinkSchema, next)})
          on conflict (tenant_id, node_id) do update
          set node_name = excluded.node_name, body = excluded.body`.execute(tx.sql);
        return { answer: next, facts, object: nodeId };
      }),
  };
}

/** Forgets the links of nodes whose identities ended, within the follower's transaction. */
export async function dropLinks(tx: TenantTx, nodeIds: readonly string[]): Promise<void> {
  await sql`delete from link where tenant_id = ${tx.tenant}
    and node_id = any(${nodeIds}::text[])`.execute(tx.sql);
}

async function lockLink(tx: TenantTx, nodeId: string): Promise<Link | undefined> {
  const { rows } = await sql<LinkRow>`${selectLink}
    where tenant_id = ${tx.tenant} and node_id = ${nodeId} for update`.execute(tx.sql);
  return rows[0] && linkOf(rows[0]);
}

function linkOf(row: LinkRow): Link {
  const link = fromBody(LinkSchema, row.body);
  if (row.report === null || row.report_ms === null) return link;
  return reported(link, fromBody(ReportLinkRequestSchema, row.report), Number(row.report_ms));
}
