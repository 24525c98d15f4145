import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { place, type Clerk } from "@foedus/kernel/sync/admit.ts";
import { stampOf } from "@foedus/kernel/sync/mark.ts";
import type { Staging } from "@foedus/kernel/sync/staging.ts";
import { covers, dominates } from "@foedus/kernel/sync/vector.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { vectorBytes, type Head } from "./head.store.ts";
import { entriesOf } from "./run.ts";
import { savingOf } from "./save.store.ts";
import { RowShelf } from "./shelf.ts";

const radix = 36;

/**
 * What the parent holds, and after it what only this hub has: another life of the log. Nothing
 * changes where places are gone here that the snapshot lacks; another one will have them.
 */
export async function adopt(
  tx: TenantTx,
  head: Head,
  clerk: Clerk,
  staging: Staging,
): Promise<Head> {
  const { vector } = staging;
  if (!dominates(vector, head.horizonVector)) return head;
  const own = await readLacking(tx, head, staging);
  await clear(tx, head);
  const rebuilt = head.rebuilt + 1;
  const epoch = `${head.hub}.${rebuilt}.${Math.floor(clerk.nowMs).toString(radix)}`;
  const empty = { digest: { cells: 0, sum: 0 }, conflicts: 0 };
  const shelf = new Adopting({ epoch, head: 0, vector, ...empty });
  for (const [key, cell] of staging.cells) shelf.keepCell(key, cell);
  for (const mark of staging.marks.values()) shelf.keepMark(mark);
  for (const entry of own) place(shelf, clerk, entry);
  await begin(tx, head, { epoch, rebuilt, vector: vectorBytes(vector) });
  await savingOf(tx, head, shelf.cut(), clerk.nowMs)();
  const { digest, conflicts } = shelf;
  const now = { epoch, rebuilt, digest, conflicts };
  return {
    ...head,
    ...now,
    head: shelf.head,
    vector: shelf.vector,
    horizon: 0,
    horizonVector: vector,
  };
}

/** All there is was in the snapshot: what it does not name is not there. */
class Adopting extends RowShelf {
  constructor(from: ConstructorParameters<typeof RowShelf>[0]) {
    super(from, new Map(), new Map());
  }

  override markOf(replica: string) {
    return this.marks.get(replica);
  }

  override cellOf(key: string) {
    return this.cells.get(key);
  }
}

async function readLacking(tx: TenantTx, { id, horizon }: Head, { vector }: Staging) {
  const [hubs, ctrs] = [Object.keys(vector), Object.values(vector)];
  const result = await sql<{
    seq: bigint;
    first_seq: bigint;
    hub: string;
    ctr: bigint;
    body: Buffer;
  }>`
    select l.seq, l.first_seq, l.hub, l.ctr, l.body from sync_log l
    left join unnest(${hubs}::text[], ${ctrs}::bigint[]) as v (hub, ctr) on v.hub = l.hub
    where l.tenant_id = ${tx.tenant} and l.stream_id = ${id} and l.seq > ${horizon}
      and l.ctr > coalesce(v.ctr, 0)
    order by l.seq`.execute(tx.sql);
  const entries: Entry[] = [];
  for (const { seq, first_seq: first, hub, ctr, body } of result.rows) {
    const run = { seq: Number(seq), firstSeq: Number(first), hub, ctr: Number(ctr), body };
    for (const entry of entriesOf(run)) {
      if (entry.seq > horizon && !covers(vector, stampOf(entry))) entries.push(entry);
    }
  }
  return entries;
}

async function clear(tx: TenantTx, { id }: Head): Promise<void> {
  const of = sql`where tenant_id = ${tx.tenant} and stream_id = ${id}`;
  await sql`
    with log as (delete from sync_log ${of}), cells as (delete from sync_cell ${of})
    delete from sync_mark ${of}`.execute(tx.sql);
  // Hubs below follow another log now: they begin with a snapshot too.
  await sql`
    with lapsed as (delete from sync_lease ${of} and until_ms is not null)
    update sync_lease set seq = 0 ${of} and until_ms is null`.execute(tx.sql);
}

async function begin(
  tx: TenantTx,
  { id }: Head,
  { epoch, rebuilt, vector }: { epoch: string; rebuilt: number; vector: Buffer },
): Promise<void> {
  await sql`
    update sync_stream set epoch = ${epoch}, rebuilt = ${rebuilt}, horizon = 0,
      horizon_vector = ${vector}
    where tenant_id = ${tx.tenant} and stream_id = ${id}`.execute(tx.sql);
}
