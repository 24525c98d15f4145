import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { readLog, tenantsBehind, type LogEntry, type LogGap, type LogName } from "./log.ts";
import type { Storage, TenantTx } from "./storage.ts";

/** Somebody who acts on each entry of a log once, in order, in the transaction that moves it on. */
export interface Follower {
  /** Unique and lasting: its place is stored under this name. */
  readonly name: string;
  readonly log: LogName;
  /** Which kinds it wants; a kind may end in ".*". */
  readonly kinds: readonly string[];
  /** Acts on a page of entries. What it throws is tried again; nothing is skipped. */
  act(tx: TenantTx, entries: readonly LogEntry[]): Promise<void>;
  /** Hears of entries that were dropped for their age before it read them. */
  missed?(tx: TenantTx, gap: LogGap): Promise<void>;
}

/** How long a follower waits at most before it looks by itself: other hubs give no hints. */
const lookMs = 500;
const pageMax = 200;

/**
 * Follows the log of every tenant until the signal aborts. It throws what `act` threw, after the
 * other tenants had their turn: what one tenant tells keeps nobody else waiting.
 */
export async function follow(
  storage: Storage,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const round = new AbortController();
    const either = AbortSignal.any([signal, round.signal]);
    const grown = storage.wake.next(follower.log, undefined, either);
    const more = await followAll(storage, follower, signal);
    if (!more) await Promise.race([grown, storage.world.timers.sleep(lookMs, either)]);
    round.abort();
  }
}

/** One page of each tenant that has news; true when one has more. */
async function followAll(
  storage: Storage,
  follower: Follower,
  signal: AbortSignal,
): Promise<boolean> {
  const failures: unknown[] = [];
  let more = false;
  for (const name of await tenantsBehind(storage.sweeper, follower.log, follower.name)) {
    if (signal.aborted) break;
    try {
      more = (await followOnce(storage, follower, tenantProved(name))) || more;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return more;
}

/** One page of one tenant; true when there is more. Of two hubs one acts, the other waits. */
export async function followOnce(
  storage: Storage,
  follower: Follower,
  tenant: TenantId,
): Promise<boolean> {
  return await storage.tenant(tenant, async (tx) => {
    const place = await lockPlace(tx, follower.name);
    const page = await readLog(tx, follower.log, place, pageMax, { kinds: follower.kinds });
    if (page.gap !== undefined) await follower.missed?.(tx, page.gap);
    if (page.entries.length > 0) await follower.act(tx, page.entries);
    await sql`update follower set seq = ${page.cursor}
      where tenant_id = ${tenant} and name = ${follower.name}`.execute(tx.sql);
    return page.cursor < page.head;
  });
}

/** How far a follower has come; 0 before its first page. */
export async function placeOf(tx: TenantTx, name: string): Promise<bigint> {
  const result = await sql<{ seq: bigint }>`
    select seq from follower where tenant_id = ${tx.tenant} and name = ${name}`.execute(tx.sql);
  return result.rows[0]?.seq ?? 0n;
}

async function lockPlace(tx: TenantTx, name: string): Promise<bigint> {
  await sql`insert into follower (tenant_id, name, seq) values (${tx.tenant}, ${name}, 0)
    on conflict do nothing`.execute(tx.sql);
  const result = await sql<{ seq: bigint }>`
    select seq from follower where tenant_id = ${tx.tenant} and name = ${name}
    for update`.execute(tx.sql);
  return result.rows[0]?.seq ?? 0n;
}
