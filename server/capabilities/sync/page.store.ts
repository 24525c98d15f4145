import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { emptyHead, headColumns, headOf, ofStream, type Head, type HeadRow } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { entriesOf } from "./run.ts";

/** Some places of a log, read in one statement with its head. */
export interface Places {
  readonly head: Head;
  /** From the one after the place asked for, without a gap. */
  readonly entries: readonly Entry[];
}

/** What is wanted of a log. */
export interface PlacesWish {
  readonly after: number;
  readonly opsMax: number;
  readonly bytesMax: number;
}

interface PlaceRow extends HeadRow {
  seq: bigint | null;
  first_seq: bigint;
  stamp_hub: string;
  ctr: bigint;
  body: Buffer;
}

/** Reads the places after one, at least one, as far as both bounds let it. */
export async function readPlaces(
  tx: TenantTx,
  at: StreamAt,
  hub: string,
  { after, opsMax, bytesMax }: PlacesWish,
): Promise<Places> {
  const result = await sql<PlaceRow>`/*sync.places*/
    select ${headColumns}, l.seq, l.first_seq, l.hub as stamp_hub, l.ctr, l.body
    from sync_stream s left join lateral (
      select r.*, sum(octet_length(r.body)) over (order by r.seq) - octet_length(r.body) as bytes
      from sync_log r
      where r.tenant_id = s.tenant_id and r.stream_id = s.stream_id and r.seq > ${after}
        and r.first_seq <= ${after + opsMax} and r.seq > s.horizon
      order by r.seq limit ${opsMax}) as l on l.bytes < ${bytesMax} and s.horizon <= ${after}
    where ${ofStream(at)} order by l.seq`.execute(tx.sql);
  const [first] = result.rows;
  if (first === undefined) return { head: emptyHead(hub), entries: [] };
  const entries = result.rows.flatMap((row) => (row.seq === null ? [] : entriesOf(runOf(row))));
  return { head: headOf(first), entries: entries.filter(({ seq }) => seq > after) };
}

function runOf({ seq, first_seq: first, stamp_hub: hub, ctr, body }: PlaceRow) {
  // Copied: the ops would otherwise keep the driver's whole packet alive.
  const bytes = new Uint8Array(body);
  return { seq: Number(seq), firstSeq: Number(first), hub, ctr: Number(ctr), body: bytes };
}
