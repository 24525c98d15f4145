import type { Grown } from "@foedus/kernel/sync/hub.state.ts";
import type { Rules } from "@foedus/kernel/sync/rules.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { headColumns, headOf, standingOf, type Head, type HeadRow } from "./head.store.ts";
import { streamOf, type NameRow } from "./status.store.ts";

/** What this process knows of other processes' commits. */
export interface Watcher {
  readonly storage: Storage;
  readonly rules: Rules;
  /** Whether another process over the same database is there; nobody looks while there is none. */
  others(): boolean;
  /** How far this process knows a log already. */
  known(key: string): { readonly epoch: string; readonly head: number } | undefined;
  tell(grown: Grown): void;
}

/** As long as other logs of a hub wait for other processes: a hint is not given across them. */
const lookMs = 250;
/** A commit is seen later than the time it is written with: this covers the slowest. */
const overlapMs = 40_000;
/** Looking takes no more than a tenth of the time, however many streams there are. */
const pauseFactor = 9;

interface GrownRow extends HeadRow, NameRow {
  tenant_id: string;
  at_parent: bigint | null;
}

/** Tells what other processes commit, until the signal aborts. */
export async function watchGrown(watcher: Watcher, signal: AbortSignal): Promise<void> {
  const { storage } = watcher;
  const { clock, timers } = storage.world;
  const told = new Map<string, string>();
  while (!signal.aborted) {
    const startMs = clock.monotonic();
    if (watcher.others()) await look(watcher, told);
    else told.clear();
    const tookMs = clock.monotonic() - startMs;
    await timers.sleep(Math.max(lookMs, pauseFactor * tookMs), signal);
  }
}

async function look({ storage, rules, known, tell }: Watcher, told: Map<string, string>) {
  const sinceMs = storage.nowMs() - overlapMs;
  const { rows } = await sql<GrownRow>`
    select ${headColumns}, s.tenant_id, s.collection, s.partition, s.zone, s.lane, l.seq as at_parent
    from sync_stream s
    left join sync_lease l on l.tenant_id = s.tenant_id and l.stream_id = s.stream_id
      and l.until_ms is null and l.renewed_ms > ${sinceMs}
    where s.written_ms > ${sinceMs} or l.seq is not null`.execute(storage.sweeper);
  const seen = new Set<string>();
  for (const row of rows) {
    const head = headOf(row);
    const [tenant, stream] = [row.tenant_id, streamOf(row)];
    const key = rules.keyOf(tenant, stream);
    seen.add(key);
    const face = `${head.epoch} ${head.head} ${row.at_parent ?? ""}`;
    if (told.get(key) === face) continue;
    told.set(key, face);
    const whose = { tenant, stream };
    const atParent = row.at_parent === null ? {} : { atParent: Number(row.at_parent) };
    if (!isOld(known(key), head) || row.at_parent !== null) {
      tell({ key, standing: standingOf(head), whose, ...atParent });
    }
  }
  for (const key of told.keys()) if (!seen.has(key)) told.delete(key);
}

function isOld(known: ReturnType<Watcher["known"]>, { epoch, head }: Head): boolean {
  return known !== undefined && known.epoch === epoch && known.head >= head;
}
