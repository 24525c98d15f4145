import type { Rows } from "@foedus/gen/rows";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql, type Kysely } from "kysely";
import type { TenantTx } from "./storage.ts";

/** The logs there are; each has a table `<name>_log`. */
export type LogName = "outbox" | "event";

/** What is appended. */
export interface NewEntry {
  /** The type, for filters, e.g. "node.registered". */
  readonly kind: string;
  /** Who says it; empty for the hub's own facts. */
  readonly source: string;
  /** What it is about. */
  readonly subject: string;
  readonly body: Uint8Array;
}

/** What is read. */
export interface LogEntry extends NewEntry {
  /** Its place, gap-free from 1, in the order of commits. */
  readonly seq: bigint;
  /** When it was stored, by the database's clock, in milliseconds since 1970. */
  readonly storedMs: bigint;
}

/** Entries that are no longer kept, first and last. */
export interface LogGap {
  readonly from: bigint;
  readonly to: bigint;
}

/** One page of a log. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** What was asked for and is no longer kept; entries go on after it. */
  readonly gap: LogGap | undefined;
  /** Everything up to here was read or filtered out: the cursor to go on from. */
  readonly cursor: bigint;
  /** The last entry there is. */
  readonly head: bigint;
}

/** Which entries; empty lists take all. A kind may end in ".*". */
export interface LogFilter {
  readonly kinds?: readonly string[];
  readonly sources?: readonly string[];
  readonly subjects?: readonly string[];
}

/** The largest page. */
export const logPageMax = 500;

/**
 * Appends entries and returns the number of the first. The head row stays locked until the commit,
 * so call it last in the transaction.
 */
export async function appendLog(
  tx: TenantTx,
  log: LogName,
  entries: readonly NewEntry[],
): Promise<bigint> {
  const count = entries.length;
  const day = utcDay(tx.nowMs);
  const result = await sql<{ seq: bigint }>`
    with h as (
      insert into log_head (tenant_id, log, seq) values (${tx.tenant}, ${log}, ${count})
      on conflict (tenant_id, log) do update set seq = log_head.seq + ${count} returning seq
    ), written as (
      insert into ${sql.table(`${log}_log`)}
        (tenant_id, seq, day, stored_ms, kind, source, subject, body)
      select ${tx.tenant}, h.seq - ${count} + u.at, ${day}::date, ${tx.nowMs}, u.kind, u.source,
             u.subject, u.body
      from h, unnest(${entries.map((entry) => entry.kind)}::text[],
                     ${entries.map((entry) => entry.source)}::text[],
                     ${entries.map((entry) => entry.subject)}::text[],
                     ${entries.map((entry) => Buffer.from(entry.body))}::bytea[])
              with ordinality as u (kind, source, subject, body, at)
    )
    select seq - ${count} + 1 as seq from h`.execute(tx.sql);
  const [first] = result.rows;
  if (first === undefined) throw new Error(`log ${log} has no head row`);
  tx.afterCommit(() => tx.wake.ring(log, tx.tenant));
  return first.seq;
}

/** The next entries after a cursor, or the gap that stands there. */
export async function readLog(
  tx: TenantTx,
  log: LogName,
  after: bigint,
  limit = logPageMax,
  filter: LogFilter = {},
): Promise<LogPage> {
  const head = await readHead(tx, log);
  const page = await readFrom(tx, log, { after, limit, filter, head });
  const kept = await readHead(tx, log);
  // A day dropped between the two statements is not in the page and must be told: read again.
  return kept.first === head.first ? page : await readLog(tx, log, after, limit, filter);
}

interface Reading {
  readonly after: bigint;
  readonly limit: number;
  readonly filter: LogFilter;
  readonly head: { readonly seq: bigint; readonly first: bigint };
}

async function readFrom(tx: TenantTx, log: LogName, reading: Reading): Promise<LogPage> {
  const { after, limit, filter, head } = reading;
  const start = after + 1n < head.first ? head.first - 1n : after;
  const gap = start > after ? { from: after + 1n, to: start } : undefined;
  if (start >= head.seq) return { entries: [], gap, cursor: start, head: head.seq };
  const rows = await sql<EntryRow>`
    select seq, stored_ms, kind, source, subject, body from ${sql.table(`${log}_log`)}
    where tenant_id = ${tx.tenant} and seq > ${start} and seq <= ${head.seq} ${matching(filter)}
    order by seq limit ${limit}`.execute(tx.sql);
  const entries = rows.rows.map(entryOf);
  const last = entries.at(-1);
  const cursor = entries.length < limit || last === undefined ? head.seq : last.seq;
  return { entries, gap, cursor, head: head.seq };
}

/** The tenants whose log has entries after what the follower has seen; as foedus_sweep. */
export async function tenantsBehind(
  database: Kysely<Rows>,
  log: LogName,
  follower: string,
): Promise<string[]> {
  const result = await sql<{ tenant_id: string }>`
    select h.tenant_id from log_head h
    left join follower f on f.tenant_id = h.tenant_id and f.name = ${follower}
    where h.log = ${log} and h.seq > coalesce(f.seq, 0)`.execute(database);
  return result.rows.map((row) => row.tenant_id);
}

/** The last entry and the first one kept; one before the first entry ever is 0. */
export async function readHead(
  tx: TenantTx,
  log: LogName,
): Promise<{ seq: bigint; first: bigint }> {
  const result = await sql<{ seq: bigint; first_seq: bigint }>`
    select seq, first_seq from log_head where tenant_id = ${tx.tenant} and log = ${log}`.execute(
    tx.sql,
  );
  const [row] = result.rows;
  return { seq: row?.seq ?? 0n, first: row?.first_seq ?? 1n };
}

interface EntryRow {
  seq: bigint;
  stored_ms: bigint;
  kind: string;
  source: string;
  subject: string;
  body: Buffer;
}

function entryOf(row: EntryRow): LogEntry {
  const { seq, stored_ms: storedMs, kind, source, subject } = row;
  return { seq, storedMs, kind, source, subject, body: new Uint8Array(row.body) };
}

function matching(filter: LogFilter) {
  const { kinds = [], sources = [], subjects = [] } = filter;
  const exact = kinds.filter((kind) => !kind.endsWith(".*"));
  const below = kinds.filter((kind) => kind.endsWith(".*")).map((kind) => kind.slice(0, -1));
  const byKind = sql`and (kind = any(${exact}::text[]) or exists (
    select from unnest(${below}::text[]) as b (prefix) where starts_with(kind, b.prefix)))`;
  return sql`${kinds.length === 0 ? sql`` : byKind}
    ${sources.length === 0 ? sql`` : sql`and source = any(${sources}::text[])`}
    ${subjects.length === 0 ? sql`` : sql`and subject = any(${subjects}::text[])`}`;
}
