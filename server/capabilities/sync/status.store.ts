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
  { collection, size, after }: StreamsWish,
): Promise<StreamStatus[]> {
  const [first = "", partition = "", zone = "", lane = "-1"] = after ?? [];
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<StatusRow>`
      select ${statusColumns} from sync_stream s
      where s.tenant_id = ${tenant} and (${collection} = '' or s.collection = ${collection})
        and (s.collection, s.partition, s.zone, s.lane)
          > (${first}, ${partition}, ${zone}, ${Number(lane)}::smallint)
      order by s.collection, s.partition, s.zone, s.lane limit ${size}`.execute(tx.sql);
    const leases = await leasesOf(
      tx,
      rows.map((row) => row.stream_id),
    );
    return rows.map((row) => statusOf(row, leases.get(row.stream_id) ?? []));
  });
}

/** How one stream stands; undefined when nobody wrote to it. */
export async function findStream(tx: TenantTx, at: StreamAt): Promise<StreamStatus | undefined> {
  const { rows } = await sql<StatusRow>`
    select ${statusColumns} from sync_stream s where ${ofStream(at)}`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) return undefined;
  return statusOf(row, (await leasesOf(tx, [row.stream_id])).get(row.stream_id) ?? []);
}

interface LeaseRow {
  stream_id: number;
  peer: string;
  seq: bigint;
  until_ms: bigint | null;
}

async function leasesOf(tx: TenantTx, ids: readonly number[]): Promise<Map<number, LeaseRow[]>> {
  const { rows } = await sql<LeaseRow>`
    select stream_id, peer, seq, until_ms from sync_lease
    where tenant_id = ${tx.tenant} and stream_id = any(${[...ids]}::int[])
      and (until_ms is null or until_ms > ${tx.nowMs})
    order by peer`.execute(tx.sql);
  return Map.groupBy(rows, (row) => row.stream_id);
}

/** Hubs that hold back the log are followers also while they are away. */
function statusOf(row: StatusRow, leases: readonly LeaseRow[]): StreamStatus {
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
    followers: leases.map((lease) => followerOf(lease, head)),
  });
}

function followerOf({ peer, seq, until_ms: untilMs }: LeaseRow, head: number): Follower {
  const kind = untilMs === null ? PeerKind.PARENT : PeerKind.CHILD;
  const until = untilMs === null ? {} : { leaseExpireTime: timestampFromMs(Number(untilMs)) };
  const at = Number(seq);
  return create(FollowerSchema, { id: peer, kind, seq: at, lagOps: head - at, ...until });
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
