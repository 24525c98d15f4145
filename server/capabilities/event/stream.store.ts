import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Window } from "./window.ts";

/** One line of publishing of one source. */
export interface StreamRef {
  readonly source: string;
  readonly stream: string;
}

/** How many streams a source may have. */
export const streamsMax = 64;

/** The key of a stream in a map; neither part can hold a space. */
export function streamKey({ source, stream }: StreamRef): string {
  return `${source} ${stream}`;
}

/** The streams of one transaction, locked, and which of them cannot be. */
export interface LockedStreams {
  /** Undefined for a stream that is new. */
  readonly windows: Map<string, Window | undefined>;
  readonly refused: ReadonlyMap<string, Fault>;
}

/**
 * Locks streams before the log's head, in one order for everybody. New streams of a source are
 * counted under a lock of its own, since a row that is not there cannot be locked.
 */
export async function lockStreams(
  tx: TenantTx,
  refs: readonly StreamRef[],
): Promise<LockedStreams> {
  const windows = await selectWindows(tx, refs);
  const missing = refs.filter((ref) => !windows.has(streamKey(ref)));
  if (missing.length === 0) return { windows, refused: new Map() };
  const sources = [...new Set(missing.map((ref) => ref.source))].toSorted();
  for (const source of sources) {
    const name = `event_stream/${tx.tenant}/${source}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx.sql);
  }
  // Another hub may have made some of them meanwhile.
  for (const [key, window] of await selectWindows(tx, missing)) windows.set(key, window);
  const counts = await countStreams(tx, sources);
  const refused = new Map<string, Fault>();
  for (const ref of missing.filter((one) => !windows.has(streamKey(one)))) {
    const count = (counts.get(ref.source) ?? 0) + 1;
    if (count > streamsMax) refused.set(streamKey(ref), tooMany(ref.source));
    else windows.set(streamKey(ref), undefined);
    counts.set(ref.source, count);
  }
  return { windows, refused };
}

/** Writes how far the streams have come. */
export async function saveWindows(
  tx: TenantTx,
  changed: readonly (StreamRef & { readonly window: Window })[],
): Promise<void> {
  await sql`
    insert into event_stream (tenant_id, source, stream, epoch, top, seen)
    select ${tx.tenant}, u.* from unnest(
      ${changed.map((one) => one.source)}::text[], ${changed.map((one) => one.stream)}::text[],
      ${changed.map((one) => one.window.epoch)}::bigint[],
      ${changed.map((one) => one.window.top)}::bigint[],
      ${changed.map((one) => Buffer.from(one.window.seen))}::bytea[])
      as u (source, stream, epoch, top, seen)
    on conflict (tenant_id, source, stream) do update
    set epoch = excluded.epoch, top = excluded.top, seen = excluded.seen`.execute(tx.sql);
}

interface WindowRow {
  source: string;
  stream: string;
  epoch: bigint;
  top: bigint;
  seen: Buffer;
}

async function selectWindows(
  tx: TenantTx,
  refs: readonly StreamRef[],
): Promise<Map<string, Window | undefined>> {
  const { rows } = await sql<WindowRow>`
    select s.source, s.stream, s.epoch, s.top, s.seen from event_stream s
    join unnest(${refs.map((ref) => ref.source)}::text[], ${refs.map((ref) => ref.stream)}::text[])
      as u (source, stream) on u.source = s.source and u.stream = s.stream
    where s.tenant_id = ${tx.tenant}
    order by s.source, s.stream for update of s`.execute(tx.sql);
  return new Map(
    rows.map(({ source, stream, epoch, top, seen }) => [
      streamKey({ source, stream }),
      { epoch, top, seen: new Uint8Array(seen) },
    ]),
  );
}

async function countStreams(
  tx: TenantTx,
  sources: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ source: string; count: number }>`
    select source, count(*)::int as count from event_stream
    where tenant_id = ${tx.tenant} and source = any(${sources}::text[])
    group by source`.execute(tx.sql);
  return new Map(rows.map((row) => [row.source, row.count]));
}

function tooMany(source: string): Fault {
  return new Fault(Reason.LIMIT_EXCEEDED, { what: `streams of ${source}`, limit: streamsMax });
}
