import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  FollowerSchema,
  PeerKind,
  StreamStatusSchema,
  type Follower,
  type StreamStatus,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Shelved } from "@foedus/kernel/sync/hub.state.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { headColumns, headOf, ofStream, standingOf, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";

/** Which streams of a tenant. */
export interface StreamsWish {
  /** Of this collection only; empty for all. */
  readonly collection: string;
  /** Of these zones only. */
  readonly zones: readonly string[];
  readonly size: number;
  /** Collection, partition, zone and lane of the last one of the page before. */
  readonly after: readonly string[] | undefined;
}

/** A stream's name in columns. */
export interface NameRow {
  collection: string;
  partition: string;
  zone: string;
  lane: number;
}

interface StatusRow extends HeadRow, NameRow {
  written_ms: bigint;
  replicas: bigint;
}

/** The name of a stream's row. */
export function streamOf({ collection, partition, zone, lane }: NameRow): Stream {
  return create(StreamSchema, { collection, partition, zone, lane });
}

const statusColumns = sql`${headColumns}, s.collection, s.partition, s.zone, s.lane, s.written_ms,
  (select count(*) from sync_mark m where m.tenant_id = s.tenant_id
    and m.stream_id = s.stream_id) as replicas`;

/** A page of a tenant's streams by collection, partition, zone and lane, with the hubs' leases. */
export async function streamsOf(
  storage: Storage,
  tenant: TenantId,
  { collection, zones, size, after }: StreamsWish,
): Promise<StreamStatus[]> {
  const [first = "", partition = "", zone = "", lane = "-1"] = after ?? [];
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<StatusRow>`
      select ${statusColumns} from sync_stream s
      where s.tenant_id = ${tenant} and (${collection} = '' or s.collection = ${collection})
        and s.zone = any(${[...zones]}::text[])
        and (s.collection, s.partition, s.zone, s.lane)
          > (${first}, ${partition}, ${zone}, ${Number(lane)}::smallint)
      order by s.collection, s.partition, s.zone, s.lane limit ${size}`.execute(tx.sql);
    const leases = await leasesOf(
      tx,
      rows.map((row) => row.stream_id),
    );
    return rows.map((row) => statusOf(row, leases.get(row.stream_id) ?? [], tx.nowMs));
  });
}

/** How one stream stands; undefined when nobody wrote to it. */
export async function findStream(tx: TenantTx, at: StreamAt): Promise<StreamStatus | undefined> {
  const { rows } = await sql<StatusRow>`
    select ${statusColumns} from sync_stream s where ${ofStream(at)}`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) return undefined;
  const leases = await leasesOf(tx, [row.stream_id]);
  return statusOf(row, leases.get(row.stream_id) ?? [], tx.nowMs);
}

interface LeaseRow {
  stream_id: number;
  peer: string;
  seq: bigint;
  until_ms: bigint | null;
  /** When the oldest place it lacks was stored. */
  waits_ms: bigint | null;
}

async function leasesOf(tx: TenantTx, ids: readonly number[]): Promise<Map<number, LeaseRow[]>> {
  const { rows } = await sql<LeaseRow>`
    select l.stream_id, l.peer, l.seq, l.until_ms,
      (select g.stored_ms from sync_log g where g.tenant_id = l.tenant_id
        and g.stream_id = l.stream_id and g.seq > l.seq order by g.seq limit 1) as waits_ms
    from sync_lease l
    where l.tenant_id = ${tx.tenant} and l.stream_id = any(${[...ids]}::int[])
      and (l.until_ms is null or l.until_ms > ${tx.nowMs})
    order by l.peer`.execute(tx.sql);
  return Map.groupBy(rows, (row) => row.stream_id);
}

/** Hubs that hold back the log are followers also while they are away. */
function statusOf(row: StatusRow, leases: readonly LeaseRow[], nowMs: number): StreamStatus {
  const { epoch, head, horizon, vector, digest, conflicts } = headOf(row);
  return create(StreamStatusSchema, {
    stream: streamOf(row),
    epoch,
    head,
    horizon,
    vector: { ...vector },
    cells: digest.cells,
    digest: digest.sum,
    conflicts,
    replicas: Number(row.replicas),
    changeTime: timestampFromMs(Number(row.written_ms)),
    followers: leases.map((lease) => followerOf(lease, head, nowMs)),
  });
}

function followerOf(lease: LeaseRow, head: number, nowMs: number): Follower {
  const { peer, seq, until_ms: untilMs, waits_ms: waitsMs } = lease;
  const kind = untilMs === null ? PeerKind.PARENT : PeerKind.CHILD;
  const until = untilMs === null ? {} : { leaseExpireTime: timestampFromMs(Number(untilMs)) };
  const at = Number(seq);
  const waitedMs = waitsMs === null ? 0 : Math.max(0, Math.floor(nowMs - Number(waitsMs)));
  const lag = { lagOps: head - at, lagMs: BigInt(waitedMs) };
  return create(FollowerSchema, { id: peer, kind, seq: at, ...lag, ...until });
}

/** All streams there are, of all tenants: what a hub that starts carries. */
export async function shelvedStreams(storage: Storage): Promise<Shelved[]> {
  const { rows } = await sql<HeadRow & NameRow & { tenant_id: string }>`
    select ${headColumns}, s.tenant_id, s.collection, s.partition, s.zone, s.lane
    from sync_stream s order by s.tenant_id, s.stream_id`.execute(storage.sweeper);
  return rows.map((row) => {
    return { tenant: row.tenant_id, stream: streamOf(row), standing: standingOf(headOf(row)) };
  });
}
