import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { readLog, tenantsBehind, type LogEntry, type LogName } from "./log.ts";
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
}

/** How long a follower waits at most before it looks by itself: other hubs give no hints. */
const lookMs = 500;
const pageMax = 200;

/** Follows the log of every tenant until the signal aborts. */
export async function follow(
  storage: Storage,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const round = new AbortController();
    const either = AbortSignal.any([signal, round.signal]);
    const grown = storage.wake.next(follower.log, undefined, either);
    let more = false;
    for (const name of await tenantsBehind(storage.sweeper, follower.log, follower.name)) {
      if (signal.aborted) break;
      more = (await followOnce(storage, follower, tenantProved(name))) || more;
    }
    if (!more) await Promise.race([grown, storage.world.timers.sleep(lookMs, either)]);
    round.abort();
  }
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
    if (page.entries.length > 0) await follower.act(tx, page.entries);
    await sql`update follower set seq = ${page.cursor}
      where tenant_id = ${tenant} and name = ${follower.name}`.execute(tx.sql);
    return page.cursor < page.head;
  });
}

async function lockPlace(tx: TenantTx, name: string): Promise<bigint> {
  await sql`insert into follower (tenant_id, name, seq) values (${tx.tenant}, ${name}, 0)
    on conflict do nothing`.execute(tx.sql);
  const result = await sql<{ seq: bigint }>`
    select seq from follower where tenant_id = ${tx.tenant} and name = ${name}
    for update`.execute(tx.sql);
  return result.rows[0]?.seq ?? 0n;
}
