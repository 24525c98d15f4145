import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import { SeenSchema } from "@foedus/gen/foedus/sync/v1/sync_store_pb.js";
import type { Digest } from "@foedus/kernel/sync/digest.ts";
import type { Standing } from "@foedus/kernel/sync/log.ts";
import type { Vector } from "@foedus/kernel/sync/vector.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { StreamAt } from "./key.ts";

/** How a stream's log stands, as its row says. */
export interface Head {
  /** Its number among the tenant's streams; 0 for one that has no row yet. */
  readonly id: number;
  /** The incarnation that stamps. */
  readonly hub: string;
  readonly epoch: string;
  readonly head: number;
  readonly vector: Vector;
  /** Places up to this one were truncated, and what they bore. */
  readonly horizon: number;
  readonly horizonVector: Vector;
  readonly digest: Digest;
  /** How many cells hold concurrent values. */
  readonly conflicts: number;
  /** How often the log was replaced by a parent's snapshot. */
  readonly rebuilt: number;
}

/** The columns of a head. */
export interface HeadRow {
  stream_id: number;
  hub: string;
  epoch: string;
  head: bigint;
  horizon: bigint;
  vector: Buffer;
  horizon_vector: Buffer;
  cells: bigint;
  digest: bigint;
  conflicts: bigint;
  rebuilt: number;
}

/** Of the table called `s`. */
export const headColumns = sql.raw(
  `s.stream_id, s.hub, s.epoch, s.head, s.horizon, s.vector, s.horizon_vector, s.cells, s.digest,
   s.conflicts, s.rebuilt`,
);

/** The row of a stream, of the table called `s`. */
export function ofStream({ tenant, stream }: StreamAt) {
  const { collection, partition, zone, lane } = stream;
  return sql`s.tenant_id = ${tenant} and s.collection = ${collection}
    and s.partition = ${partition} and s.zone = ${zone} and s.lane = ${lane}`;
}

/** A stream's head as it is; that of an empty log when nobody wrote yet. */
export async function findHead(tx: TenantTx, at: StreamAt, hub: string): Promise<Head> {
  const result = await sql<HeadRow>`
    select ${headColumns} from sync_stream s where ${ofStream(at)}`.execute(tx.sql);
  const [row] = result.rows;
  return row === undefined ? emptyHead(hub) : headOf(row);
}

/** Locks a stream's head until the commit; undefined for one that nobody wrote to. */
export async function lockKnown(tx: TenantTx, at: StreamAt): Promise<Head | undefined> {
  const result = await sql<HeadRow>`/*sync.lock*/
    select ${headColumns} from sync_stream s where ${ofStream(at)} for update`.execute(tx.sql);
  const [row] = result.rows;
  return row && headOf(row);
}

/**
 * Makes a stream's head, locked until the commit. Streams are numbered within their tenant, so that
 * a backup needs no sequence.
 */
export async function makeHead(tx: TenantTx, at: StreamAt, hub: string): Promise<Head> {
  const { tenant } = at;
  const { collection, partition, zone, lane } = at.stream;
  await sql`select pg_advisory_xact_lock(hashtext(${`sync_stream/${tenant}`}))`.execute(tx.sql);
  await sql`
    insert into sync_stream (tenant_id, collection, partition, zone, lane, stream_id, hub, epoch,
                             written_ms)
    select ${tenant}, ${collection}, ${partition}, ${zone}, ${lane},
           coalesce(max(s.stream_id), 0) + 1, ${hub}, ${hub}, ${tx.nowMs}
    from sync_stream s where s.tenant_id = ${tenant}
    on conflict do nothing`.execute(tx.sql);
  const made = await lockKnown(tx, at);
  if (made === undefined) throw new Error("a stream was not made");
  return made;
}

/** Of a log that nobody wrote to. */
export function emptyHead(hub: string): Head {
  const nothing = { head: 0, vector: {}, horizon: 0, horizonVector: {}, conflicts: 0, rebuilt: 0 };
  return { id: 0, hub, epoch: hub, digest: { cells: 0, sum: 0 }, ...nothing };
}

/** Whether the stream has a row: its first write makes it. */
export function isMade({ id }: Head): boolean {
  return id > 0;
}

/** What a row says. */
export function headOf(row: HeadRow): Head {
  return {
    id: row.stream_id,
    hub: row.hub,
    epoch: row.epoch,
    head: Number(row.head),
    vector: vectorOf(row.vector),
    horizon: Number(row.horizon),
    horizonVector: vectorOf(row.horizon_vector),
    digest: { cells: Number(row.cells), sum: Number(row.digest) },
    conflicts: Number(row.conflicts),
    rebuilt: row.rebuilt,
  };
}

/** What the core wants to know of a head. */
export function standingOf({ epoch, head, vector }: Head): Standing {
  return { epoch, head, vector };
}

/** A vector as its column. */
export function vectorBytes(vector: Vector): Buffer {
  return Buffer.from(toBinary(SeenSchema, create(SeenSchema, { ctrs: { ...vector } })));
}

/** The vector of a column. */
export function vectorOf(bytes: Buffer): Vector {
  return fromBinary(SeenSchema, bytes).ctrs;
}
