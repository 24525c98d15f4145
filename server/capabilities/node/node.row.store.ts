import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Pulse } from "./liveness.ts";
import { reasonsOf } from "./liveness.ts";
import type { Seen } from "./node.ts";
import { placeOf } from "./place.ts";
import { freeSlots } from "./place.store.ts";

/** What one row of `selectSeen` holds. */
export interface SeenRow {
  body: Buffer;
  map_slot: number | null;
  seen_ms: bigint | null;
  skew_ms: bigint | null;
  round_trip_us: bigint | null;
  pulse_body: Buffer | null;
  expire_ms: bigint | null;
}

/** The kind of the leases that nodes hold by their heartbeats. */
export const leaseKind = "node";

/** Nodes, each with its last heartbeat and its lease; a `where` over `n` follows. */
export const selectSeen = sql`
  select n.body, n.map_slot, p.seen_ms, p.skew_ms, p.round_trip_us, p.body as pulse_body, l.expire_ms
  from node n
  left join node_pulse p on p.tenant_id = n.tenant_id and p.node_id = n.id
  left join lease l on l.tenant_id = n.tenant_id and l.kind = ${leaseKind} and l.name = n.id`;

/** The node of a row, with what its last heartbeat tells. */
export function seenOf(row: SeenRow): Seen {
  const place = row.map_slot === null ? undefined : placeOf(row.map_slot);
  const node = { ...fromBody(NodeSchema, row.body), place };
  const pulse = pulseOf(row);
  if (pulse === undefined) return { node, pulse };
  const { skewMs, roundTripUs } = pulse;
  const lastSeenTime = timestampFromMs(pulse.seenMs);
  // A degraded node's reasons may change with each heartbeat; the newest ones are shown.
  const degraded = node.state === NodeState.DEGRADED;
  const stateReasons = degraded ? reasonsOf(node.state, pulse) : node.stateReasons;
  return { node: { ...node, lastSeenTime, skewMs, roundTripUs, stateReasons }, pulse };
}

/**
 * Writes nodes' rows; what their heartbeats tell is kept elsewhere. The slot is that of a node
 * which takes one; whoever has one keeps it.
 */
export async function saveNodes(
  tx: TenantTx,
  nodes: readonly Node[],
  slot?: number,
): Promise<void> {
  await sql`
    insert into node (tenant_id, id, name, project, state, map_slot, body)
    select ${tx.tenant}, u.id, u.name, u.project, u.state, ${slot ?? null}::integer, u.body
    from unnest(
      ${nodes.map((node) => node.id)}::text[], ${nodes.map((node) => node.name)}::text[],
      ${nodes.map((node) => node.profile?.project ?? "")}::text[],
      ${nodes.map((node) => node.state)}::smallint[],
      ${nodes.map((node) => toBody(NodeSchema, withoutColumns(node)))}::bytea[]
    ) as u (id, name, project, state, body)
    on conflict (tenant_id, id) do update
    set name = excluded.name, project = excluded.project, state = excluded.state,
        map_slot = coalesce(node.map_slot, excluded.map_slot), body = excluded.body`.execute(
    tx.sql,
  );
  const retired = nodes.filter((node) => node.state === NodeState.RETIRED).map((node) => node.id);
  if (retired.length === 0) return;
  await dropLeases(tx, retired);
  await freeSlots(tx, retired);
}

/** Nobody waits for the next heartbeat of a node that is out. */
async function dropLeases(tx: TenantTx, ids: readonly string[]): Promise<void> {
  await sql`delete from lease where tenant_id = ${tx.tenant} and kind = ${leaseKind}
    and name = any(${ids}::text[])`.execute(tx.sql);
}

function withoutColumns(node: Node): Node {
  const pulse = { lastSeenTime: undefined, skewMs: undefined, roundTripUs: undefined };
  return { ...node, ...pulse, place: undefined };
}

function pulseOf(row: SeenRow): Pulse | undefined {
  if (row.seen_ms === null || row.pulse_body === null) return undefined;
  const { health, reasons } = fromBody(HeartbeatRequestSchema, row.pulse_body);
  const seenMs = Number(row.seen_ms);
  const expireMs = Number(row.expire_ms ?? 0n);
  const skewMs = row.skew_ms ?? undefined;
  return { seenMs, expireMs, health, reasons, skewMs, roundTripUs: row.round_trip_us ?? undefined };
}
