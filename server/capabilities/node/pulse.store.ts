import { create } from "@bufbuild/protobuf";
import type { NodePulse } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodePulseSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

interface PulseRow {
  node_id: string;
  seen_ms: bigint;
  skew_ms: bigint | null;
  round_trip_us: bigint | null;
}

/** The last heartbeats that came at or after an instant, whichever hub took them. */
export async function pulsesSince(
  storage: Storage,
  tenant: TenantId,
  sinceMs: number,
): Promise<NodePulse[]> {
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<PulseRow>`
      select node_id, seen_ms, skew_ms, round_trip_us from node_pulse
      where tenant_id = ${tenant} and seen_ms >= ${sinceMs}`.execute(tx.sql);
    return rows.map((row) =>
      create(NodePulseSchema, {
        nodeId: row.node_id,
        lastSeenMs: row.seen_ms,
        skewMs: row.skew_ms ?? undefined,
        roundTripUs: row.round_trip_us ?? undefined,
      }),
    );
  });
}
