import { toBinary } from "@bufbuild/protobuf";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { HeartbeatRequest } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Known } from "./heartbeat.ts";
import { leaseKind } from "./node.row.store.ts";

/** A heartbeat as it came in. */
export interface Beat {
  readonly tenant: TenantId;
  readonly nodeId: string;
  readonly receivedMs: number;
  readonly leaseMs: number;
  readonly skewMs: bigint | undefined;
  readonly request: HeartbeatRequest;
}

const beatsMax = 1_000;

/**
 * Stores heartbeats, a thousand in one statement. A group spans tenants, and their wall is bound
 * to a transaction of one: so it runs as foedus_sweep, which may write these two tables for every
 * tenant. Tenant and node of each row come from the caller's certificate and from nowhere else.
 */
export function heartbeatWriter(storage: Storage): GroupCommit<Beat, Known> {
  const flush = async (beats: readonly Beat[]): Promise<Known[]> => {
    const answers = new Map<Beat, Known>();
    for (const round of roundsOf(beats)) {
      const known = await storeRound(storage, round);
      for (const [at, beat] of round.entries()) answers.set(beat, known[at] ?? unknownNode);
    }
    return beats.map((beat) => answers.get(beat) ?? unknownNode);
  };
  return new GroupCommit(flush, { itemsMax: beatsMax });
}

const unknownNode: Known = { state: undefined, epoch: undefined, kept: false };

/** One statement changes a row once: a node's second heartbeat goes into the next round. */
function roundsOf(beats: readonly Beat[]): Beat[][] {
  const rounds: Beat[][] = [];
  const counts = new Map<string, number>();
  for (const beat of beats) {
    const key = `${beat.tenant}/${beat.nodeId}`;
    const round = counts.get(key) ?? 0;
    counts.set(key, round + 1);
    (rounds[round] ??= []).push(beat);
  }
  return rounds;
}

interface KnownRow {
  state: NodeState | null;
  epoch: bigint | null;
  kept: boolean;
}

/** Rows are locked in the order of tenant and node, so that two hubs do not wait for each other. */
async function storeRound(storage: Storage, beats: readonly Beat[]): Promise<Known[]> {
  const { rows } = await sql<KnownRow>`
    with beat as (
      select * from unnest(
        ${beats.map((beat) => beat.tenant)}::text[],
        ${beats.map((beat) => beat.nodeId)}::text[],
        ${beats.map((beat) => beat.request.epoch)}::bigint[],
        ${beats.map((beat) => beat.request.sequence)}::bigint[],
        ${beats.map((beat) => beat.receivedMs)}::bigint[],
        ${beats.map((beat) => beat.receivedMs + beat.leaseMs)}::bigint[],
        ${beats.map((beat) => beat.skewMs ?? null)}::bigint[],
        ${beats.map((beat) => beat.request.roundTripUs ?? null)}::bigint[],
        ${beats.map((beat) => Buffer.from(toBinary(HeartbeatRequestSchema, beat.request)))}::bytea[]
      ) with ordinality as b (tenant_id, node_id, epoch, sequence, seen_ms, expire_ms, skew_ms,
                              round_trip_us, body, at)
    ), kept as (
      insert into node_pulse
        (tenant_id, node_id, epoch, sequence, seen_ms, skew_ms, round_trip_us, body)
      select b.tenant_id, b.node_id, b.epoch, b.sequence, b.seen_ms, b.skew_ms, b.round_trip_us,
             b.body
      from beat b join node n on n.tenant_id = b.tenant_id and n.id = b.node_id
      where n.state <> ${NodeState.RETIRED}
      order by b.tenant_id, b.node_id
      on conflict (tenant_id, node_id) do update set
        epoch = excluded.epoch, sequence = excluded.sequence, seen_ms = excluded.seen_ms,
        skew_ms = coalesce(excluded.skew_ms, node_pulse.skew_ms),
        round_trip_us = coalesce(excluded.round_trip_us, node_pulse.round_trip_us),
        body = excluded.body
      where (excluded.epoch, excluded.sequence) > (node_pulse.epoch, node_pulse.sequence)
      returning tenant_id, node_id
    ), renewed as (
      insert into lease (tenant_id, kind, name, holder, fence, renewed_ms, expire_ms)
      select k.tenant_id, ${leaseKind}, k.node_id, k.node_id, 1, b.seen_ms, b.expire_ms
      from kept k join beat b on b.tenant_id = k.tenant_id and b.node_id = k.node_id
      order by k.tenant_id, k.node_id
      on conflict (tenant_id, kind, name) do update set
        fence = lease.fence + case when lease.expire_ms > excluded.renewed_ms then 0 else 1 end,
        renewed_ms = excluded.renewed_ms, expire_ms = excluded.expire_ms
    )
    select n.state, p.epoch, k.node_id is not null as kept
    from beat b
    left join node n on n.tenant_id = b.tenant_id and n.id = b.node_id
    left join node_pulse p on p.tenant_id = b.tenant_id and p.node_id = b.node_id
    left join kept k on k.tenant_id = b.tenant_id and k.node_id = b.node_id
    order by b.at`
    .execute(storage.sweeper)
    .catch(rethrowFault);
  return rows.map(knownOf);
}

function knownOf({ state, epoch, kept }: KnownRow): Known {
  return { state: state ?? undefined, epoch: epoch ?? undefined, kept };
}
