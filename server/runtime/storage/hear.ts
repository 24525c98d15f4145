import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { LogEntry, LogName } from "./log.ts";
import { readLog } from "./log.ts";
import type { Storage } from "./storage.ts";

/**
 * Somebody in each process who hears what is told from now on, e.g. to let go of what it
 * remembers.
 */
export interface Hearer {
  readonly log: LogName;
  /** Which kinds; a kind may end in ".*". */
  readonly kinds: readonly string[];
  hear(tenant: TenantId, entry: LogEntry): void;
  /** What was told while nobody listened is not told again: forget all. */
  restart(): void;
}

const lookMs = 500;
const pageMax = 200;

/**
 * Tells every process what is appended to a log, of all tenants, until the signal aborts. A
 * follower acts once whatever the number of hubs; a hearer acts in each of them, and keeps no
 * place.
 */
export async function hear(storage: Storage, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const places = await readHeads(storage, hearer.log);
  hearer.restart();
  while (!signal.aborted) {
    const pause = new AbortController();
    const either = AbortSignal.any([signal, pause.signal]);
    const rung = storage.wake.next(hearer.log, undefined, either);
    for (const [name, head] of await readHeads(storage, hearer.log)) {
      const place = places.get(name) ?? 0n;
      if (place < head) places.set(name, await hearTenant(storage, hearer, name, { place, head }));
    }
    await Promise.race([rung, storage.world.timers.sleep(lookMs, either)]);
    pause.abort();
  }
}

async function readHeads(storage: Storage, log: LogName): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ tenant_id: string; seq: bigint }>`
    select tenant_id, seq from log_head where log = ${log}`.execute(storage.sweeper);
  return new Map(rows.map((row) => [row.tenant_id, row.seq]));
}

async function hearTenant(
  storage: Storage,
  hearer: Hearer,
  name: string,
  from: { readonly place: bigint; readonly head: bigint },
): Promise<bigint> {
  const tenant = tenantProved(name);
  let { place } = from;
  while (place < from.head) {
    const after = place;
    const page = await storage.tenant(tenant, (tx) =>
      readLog(tx, hearer.log, after, pageMax, { kinds: hearer.kinds }),
    );
    for (const entry of page.entries) hearer.hear(tenant, entry);
    place = page.cursor;
  }
  return place;
}
