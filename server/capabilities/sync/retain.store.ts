import type { Rules } from "@foedus/kernel/sync/rules.ts";
import type { Lease } from "@foedus/kernel/sync/shelf.ts";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { joined } from "@foedus/kernel/sync/vector.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { isLockTimeout } from "../../runtime/storage/fault.ts";
import type { Storage, SweepTx } from "../../runtime/storage/storage.ts";
import { headColumns, headOf, vectorBytes, type Head, type HeadRow } from "./head.store.ts";
import { streamOf, type NameRow } from "./status.store.ts";

/** What of the logs is kept. */
export interface Kept {
  /** The newest places of each log, however old. */
  readonly places: number;
  /** Whole days; everything, however old, when undefined. */
  readonly keepMs: number | undefined;
}

interface StreamId {
  readonly tenant: string;
  readonly stream: Stream;
  readonly id: number;
}

/**
 * Truncates the logs as far as the hubs that follow let it, keeping the newest places and days.
 * Returns which logs are shorter. What they did, and who wrote them, stays.
 */
export async function truncate(
  storage: Storage,
  rules: Rules,
  kept: Kept,
  nowMs: number,
): Promise<{ readonly tenant: string; readonly stream: Stream }[]> {
  const before = kept.keepMs === undefined ? undefined : utcDay(nowMs - kept.keepMs);
  const shorter: StreamId[] = [];
  for (const stream of await longLogs(storage, kept, before)) {
    const isShorter = await storage.sweep((tx) => {
      return truncateOne(tx, stream, { rules, places: kept.places, before, nowMs });
    });
    if (isShorter) shorter.push(stream);
  }
  return shorter;
}

async function longLogs(
  storage: Storage,
  { places }: Kept,
  before: string | undefined,
): Promise<StreamId[]> {
  const isOld = sql`exists (select from sync_log l where l.tenant_id = s.tenant_id
    and l.stream_id = s.stream_id and l.seq > s.horizon and l.day < ${before ?? null}::date)`;
  const { rows } = await sql<NameRow & { tenant_id: string; stream_id: number }>`
    select s.tenant_id, s.stream_id, s.collection, s.partition, s.zone, s.lane from sync_stream s
    where s.head - s.horizon > ${places} and ${before === undefined ? sql`true` : isOld}
    order by s.tenant_id, s.stream_id`.execute(storage.sweeper);
  return rows.map((row) => {
    return { tenant: row.tenant_id, id: row.stream_id, stream: streamOf(row) };
  });
}

interface Bound {
  readonly rules: Rules;
  readonly places: number;
  readonly before: string | undefined;
  readonly nowMs: number;
}

/** Under the lock of the head, so that no lease is given meanwhile for what goes. */
async function truncateOne(tx: SweepTx, stream: StreamId, bound: Bound): Promise<boolean> {
  const { tenant, id } = stream;
  const locked = await sql<HeadRow>`
    select ${headColumns} from sync_stream s
    where s.tenant_id = ${tenant} and s.stream_id = ${id} for update`.execute(tx.sql);
  const [row] = locked.rows;
  if (row === undefined) return false;
  const head = headOf(row);
  const held = (await leasesOf(tx, stream)).filter((lease) =>
    bound.rules.holds(lease, bound.nowMs),
  );
  const old = bound.before === undefined ? head.head : await lastBefore(tx, stream, bound.before);
  const free = Math.min(head.head - bound.places, old, ...held.map(({ seq }) => seq));
  if (free <= head.horizon) return false;
  const seen = joined(head.horizonVector, await stampsUpTo(tx, stream, head, free));
  await sql`
    update sync_stream set horizon = ${free}, horizon_vector = ${vectorBytes(seen)}
    where tenant_id = ${tenant} and stream_id = ${id}`.execute(tx.sql);
  return true;
}

async function leasesOf(tx: SweepTx, { tenant, id }: StreamId): Promise<Lease[]> {
  const { rows } = await sql<{ seq: bigint; until_ms: bigint | null }>`
    select seq, until_ms from sync_lease
    where tenant_id = ${tenant} and stream_id = ${id}`.execute(tx.sql);
  return rows.map(({ seq, until_ms: untilMs }) => {
    const until = untilMs === null ? Number.POSITIVE_INFINITY : Number(untilMs);
    return { seq: Number(seq), untilMs: until };
  });
}

async function lastBefore(tx: SweepTx, { tenant, id }: StreamId, day: string): Promise<number> {
  const { rows } = await sql<{ seq: bigint | null }>`
    select max(seq) as seq from sync_log
    where tenant_id = ${tenant} and stream_id = ${id} and day < ${day}::date`.execute(tx.sql);
  return Number(rows[0]?.seq ?? 0);
}

/** Of each hub the last stamp among the places that go. */
async function stampsUpTo(
  tx: SweepTx,
  { tenant, id }: StreamId,
  { horizon }: Head,
  free: number,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ hub: string; ctr: bigint }>`
    select hub, max(ctr - greatest(seq - ${free}::bigint, 0)) as ctr from sync_log
    where tenant_id = ${tenant} and stream_id = ${id} and seq > ${horizon} and first_seq <= ${free}
    group by hub`.execute(tx.sql);
  return Object.fromEntries(rows.map(({ hub, ctr }) => [hub, Number(ctr)]));
}

const dayMs = 86_400_000;
const daysAhead = 3;

/** Makes the partitions of today and the next days. */
export async function addDays(storage: Storage, nowMs: number): Promise<void> {
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = utcDay(nowMs + ahead * dayMs);
    await unlessHeld(async () => {
      await sql`select foedus_add_log_day('sync', ${day}::date)`.execute(storage.sweeper);
    });
  }
}

/** Drops days that are no longer kept; what hubs still hold of them is put apart. */
export async function dropDays(storage: Storage, keepMs: number, nowMs: number): Promise<void> {
  const before = utcDay(nowMs - keepMs);
  await unlessHeld(async () => {
    await sql`select foedus_drop_sync_days(${before}::date)`.execute(storage.sweeper);
  });
}

/** Somebody reads the log for long, e.g. a backup: the next turn does it. */
async function unlessHeld(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
  }
}

/** Forgets the leases of hubs that were away too long. */
export async function forgetLeases(storage: Storage, nowMs: number): Promise<void> {
  await sql`delete from sync_lease where until_ms <= ${nowMs}`.execute(storage.sweeper);
}

/**
 * Forgets streams that hubs below asked for and nobody ever wrote to, once those have no lease any
 * more. The newest of a tenant stays: its number would be given to another one.
 */
export async function forgetUnwritten(storage: Pick<Storage, "sweeper">): Promise<void> {
  await sql`
    with gone as (
      delete from sync_stream s
      where head = 0 and horizon = 0 and vector = ''
        and stream_id < (select max(o.stream_id) from sync_stream o where o.tenant_id = s.tenant_id)
        and not exists (
          select from sync_lease l where l.tenant_id = s.tenant_id and l.stream_id = s.stream_id
            and l.until_ms is not null)
        and not exists (
          select from sync_mark m where m.tenant_id = s.tenant_id and m.stream_id = s.stream_id)
      returning tenant_id, stream_id)
    delete from sync_lease l using gone g
    where l.tenant_id = g.tenant_id and l.stream_id = g.stream_id`.execute(storage.sweeper);
}
