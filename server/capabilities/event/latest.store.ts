import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { NewEvent } from "./stored.ts";
import { storedEvent } from "./stored.ts";

/** An event and its place in the log. */
export interface PlacedEvent extends NewEvent {
  readonly seq: bigint;
}

/** Which newest events; empty lists take all. */
export interface LatestFilter {
  readonly types: readonly string[];
  readonly sources: readonly string[];
}

/**
 * Keeps the newest event of each source, type and subject. Within a stream the later sequence is
 * newer, however late the earlier one came; between streams the later time is.
 */
export async function saveLatest(tx: TenantTx, events: readonly PlacedEvent[]): Promise<void> {
  const newest = [...newestOf(events).values()];
  const of = <T>(pick: (one: PlacedEvent) => T): T[] => newest.map(pick);
  await sql`
    insert into event_latest (tenant_id, source, type, subject, stream, epoch, sequence, time_ms,
                              seq, stored_ms, body)
    select ${tx.tenant}, u.source, u.type, u.subject, u.stream, u.epoch, u.sequence, u.time_ms,
           u.seq, ${tx.nowMs}, u.body
    from unnest(
      ${of(({ signed }) => signed.event.source)}::text[],
      ${of(({ signed }) => signed.event.type)}::text[],
      ${of(({ signed }) => signed.event.subject)}::text[],
      ${of(({ signed }) => signed.event.stream)}::text[],
      ${of(({ signed }) => signed.event.epoch)}::bigint[],
      ${of(({ signed }) => signed.event.sequence)}::bigint[],
      ${of(({ signed }) => signed.event.timeMs)}::bigint[],
      ${of((one) => one.seq)}::bigint[],
      ${of((one) => Buffer.from(one.body))}::bytea[]
    ) as u (source, type, subject, stream, epoch, sequence, time_ms, seq, body)
    on conflict (tenant_id, source, type, subject) do update set
      stream = excluded.stream, epoch = excluded.epoch, sequence = excluded.sequence,
      time_ms = excluded.time_ms, seq = excluded.seq, stored_ms = excluded.stored_ms,
      body = excluded.body
    where case when event_latest.stream = excluded.stream
      then (excluded.epoch, excluded.sequence) > (event_latest.epoch, event_latest.sequence)
      else excluded.time_ms >= event_latest.time_ms end`.execute(tx.sql);
}

/** What one page holds at most, and at least one event. */
const pageBytesMax = 2 * 1_048_576;

/** A page of newest events by source, type and subject. */
export async function listLatest(
  storage: Storage,
  tenant: TenantId,
  wish: PageWish,
  { types, sources }: LatestFilter,
): Promise<LatestPage> {
  const [source = "", type = "", subject = ""] = wish.after ?? [];
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<LatestRow>`
      with page as (
        select source, type, subject, seq, stored_ms, body,
               sum(octet_length(body)) over (order by source, type, subject) as bytes
        from event_latest
        where tenant_id = ${tenant} and (source, type, subject) > (${source}, ${type}, ${subject})
          ${types.length === 0 ? sql`` : sql`and ${ofTypes(types)}`}
          ${sources.length === 0 ? sql`` : sql`and source = any(${sources}::text[])`}
        order by source, type, subject limit ${wish.size + 1}
      )
      select source, type, subject, seq, stored_ms, body, (select count(*) from page) as found
      from page where bytes <= ${pageBytesMax} or bytes = octet_length(body)
      order by source, type, subject limit ${wish.size}`.execute(tx.sql);
    const events = rows.map((row) =>
      storedEvent({ seq: row.seq, storedMs: row.stored_ms, body: new Uint8Array(row.body) }),
    );
    const last = rows.at(-1);
    const more = last !== undefined && Number(last.found) > rows.length;
    return { events, next: more ? [last.source, last.type, last.subject] : undefined };
  });
}

/** Some newest events, and after which key there are more. */
export interface LatestPage {
  readonly events: StoredEvent[];
  readonly next: readonly string[] | undefined;
}

/** Forgets newest events that the log itself no longer keeps; returns how many. */
export async function forgetLatest(storage: Storage): Promise<number> {
  const result = await sql`
    delete from event_latest l using log_head h
    where h.tenant_id = l.tenant_id and h.log = 'event' and l.seq < h.first_seq`.execute(
    storage.sweeper,
  );
  return Number(result.numAffectedRows ?? 0n);
}

interface LatestRow {
  source: string;
  type: string;
  subject: string;
  seq: bigint;
  stored_ms: bigint;
  body: Buffer;
  found: bigint;
}

function ofTypes(types: readonly string[]) {
  const exact = types.filter((type) => !type.endsWith(".*"));
  const below = types.filter((type) => type.endsWith(".*")).map((type) => type.slice(0, -1));
  return sql`(type = any(${exact}::text[]) or exists (
    select from unnest(${below}::text[]) as b (prefix) where starts_with(type, b.prefix)))`;
}

function newestOf(events: readonly PlacedEvent[]): Map<string, PlacedEvent> {
  const newest = new Map<string, PlacedEvent>();
  for (const event of events) {
    const { source, type, subject } = event.signed.event;
    const key = JSON.stringify([source, type, subject]);
    const other = newest.get(key);
    if (other === undefined || isNewer(event, other)) newest.set(key, event);
  }
  return newest;
}

function isNewer({ signed: { event } }: PlacedEvent, { signed: { event: other } }: PlacedEvent) {
  if (event.stream !== other.stream) return event.timeMs >= other.timeMs;
  if (event.epoch !== other.epoch) return event.epoch > other.epoch;
  return event.sequence > other.sequence;
}
