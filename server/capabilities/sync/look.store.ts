import type { Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import { emptyMark } from "@foedus/kernel/sync/mark.ts";
import { dominates, type Vector } from "@foedus/kernel/sync/vector.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import {
  emptyHead,
  headColumns,
  headOf,
  isMade,
  lockKnown,
  makeHead,
  ofStream,
  standingOf,
  type Head,
  type HeadRow,
} from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { markOf } from "./rows.store.ts";

type Look = Extract<LogRequest, { type: "look" }>;
type Looked = Extract<LogAnswer, { type: "look" }>;

/**
 * Says where a log stands for somebody who opens it, and notes the leases of hubs. Of a stream that
 * nobody wrote to there is no row, and a look makes none, but for a hub that follows: what it has a
 * lease on begins with the first commit.
 */
export async function look(
  tx: TenantTx,
  at: StreamAt,
  hub: string,
  request: Look,
  nowMs: number,
  limits: Limits,
): Promise<Looked> {
  const { ref, tenant, stream, replica, vector, parent, child } = request;
  if (child !== undefined && (await lockKnown(tx, at)) === undefined) await makeHead(tx, at, hub);
  const seen = await readStanding(tx, at, { hub, replica, parent });
  const isNewParent = parent !== undefined && seen.parentSeq === undefined;
  const locked = isNewParent && isMade(seen.head) ? await lockKnown(tx, at) : undefined;
  if (isNewParent && locked) await holdForParent(tx, locked, parent, nowMs, limits);
  const head = locked ?? seen.head;
  const atParent = parent === undefined ? head.head : (seen.parentSeq ?? 0);
  const { mark, writtenSeq } = seen;
  // Who writes goes on from its cursor; the place is looked up for hubs and for who only reads.
  const from = replica === "" ? await firstUncovered(tx, head, vector) : 0;
  if (child !== undefined && isMade(head) && dominates(vector, head.horizonVector)) {
    const lease = { peer: child, seq: from, untilMs: nowMs + limits.leaseMs };
    await keepLease(tx, head, lease, nowMs);
  }
  const { horizon, horizonVector } = head;
  const settledCtr = writtenSeq <= atParent ? mark.ctr : 0;
  const standing = standingOf(head);
  const of = { ref, tenant, stream, standing, horizon, horizonVector };
  return { type: "look", ...of, mark, settledCtr, from };
}

interface Seen {
  readonly head: Head;
  readonly mark: Mark;
  /** The last place at which the replica wrote. */
  readonly writtenSeq: number;
  /** How far the parent has it; undefined if it was never asked. */
  readonly parentSeq: number | undefined;
}

interface SeenRow extends HeadRow {
  ctr: bigint | null;
  refused: Buffer | null;
  written_seq: bigint | null;
  parent_seq: bigint | null;
}

async function readStanding(
  tx: TenantTx,
  at: StreamAt,
  { hub, replica, parent }: Pick<Look, "replica" | "parent"> & { readonly hub: string },
): Promise<Seen> {
  const result = await sql<SeenRow>`/*sync.look*/
    select ${headColumns}, m.ctr, m.refused, m.written_seq, l.seq as parent_seq
    from sync_stream s
    left join sync_mark m on m.tenant_id = s.tenant_id and m.stream_id = s.stream_id
      and m.replica = ${replica}
    left join sync_lease l on l.tenant_id = s.tenant_id and l.stream_id = s.stream_id
      and l.peer = ${parent ?? ""} and l.until_ms is null
    where ${ofStream(at)}`.execute(tx.sql);
  const [row] = result.rows;
  if (row === undefined) {
    return { head: emptyHead(hub), mark: emptyMark(replica), writtenSeq: 0, parentSeq: undefined };
  }
  const { ctr, refused, written_seq: written, parent_seq: seq } = row;
  const parentSeq = seq === null ? undefined : Number(seq);
  const mark = ctr === null ? emptyMark(replica) : markOf({ replica, ctr, refused });
  return { head: headOf(row), mark, writtenSeq: Number(written ?? 0n), parentSeq };
}

/**
 * Before a parent has ever been there: what it lacks is not forgotten, unless it is a former one.
 * Under the lock of the stream's head.
 */
export async function holdForParent(
  tx: TenantTx,
  head: Head,
  parent: string,
  nowMs: number,
  { leaseMs }: Limits,
): Promise<void> {
  await sql`
    update sync_lease set until_ms = ${Math.floor(nowMs + leaseMs)}
    where tenant_id = ${tx.tenant} and stream_id = ${head.id} and peer <> ${parent}
      and until_ms is null`.execute(tx.sql);
  await sql`
    insert into sync_lease (tenant_id, stream_id, peer, seq, until_ms, renewed_ms)
    values (${tx.tenant}, ${head.id}, ${parent}, 0, null, ${Math.floor(nowMs)})
    on conflict (tenant_id, stream_id, peer) do update set until_ms = null`.execute(tx.sql);
}

/**
 * The place up to which all is in a vector. Stamps of a hub grow with the places, so of each hub
 * one row is looked up, however long the log is.
 */
async function firstUncovered(tx: TenantTx, head: Head, seen: Vector): Promise<number> {
  const lacking = Object.keys(head.vector).filter((hub) => {
    return (seen[hub] ?? 0) < (head.vector[hub] ?? 0);
  });
  if (lacking.length === 0) return head.head;
  const ctrs = lacking.map((hub) => seen[hub] ?? 0);
  const result = await sql<{ place: bigint | null }>`
    select min(greatest(l.seq - (l.ctr - v.ctr) + 1, l.first_seq, ${head.horizon} + 1)) as place
    from unnest(${lacking}::text[], ${ctrs}::bigint[]) as v (hub, ctr)
    cross join lateral (
      select l.seq, l.first_seq, l.ctr from sync_log l
      where l.tenant_id = ${tx.tenant} and l.stream_id = ${head.id} and l.hub = v.hub
        and l.ctr > v.ctr and l.seq > ${head.horizon}
      order by l.ctr limit 1) as l`.execute(tx.sql);
  const place = result.rows[0]?.place ?? null;
  return place === null ? head.head : Number(place) - 1;
}

/** A lease of a hub; for good when it has no end. */
export interface Lease {
  readonly peer: string;
  readonly seq: number;
  readonly untilMs: number | undefined;
}

/** Writes a lease, whatever was there; under the lock of its stream's head. */
export async function keepLease(
  tx: TenantTx,
  { id }: Head,
  { peer, seq, untilMs }: Lease,
  nowMs: number,
): Promise<void> {
  const until = untilMs === undefined ? null : Math.floor(untilMs);
  await sql`
    insert into sync_lease (tenant_id, stream_id, peer, seq, until_ms, renewed_ms)
    values (${tx.tenant}, ${id}, ${peer}, ${seq}, ${until}, ${Math.floor(nowMs)})
    on conflict (tenant_id, stream_id, peer) do update set seq = excluded.seq,
      until_ms = excluded.until_ms, renewed_ms = excluded.renewed_ms`.execute(tx.sql);
}
