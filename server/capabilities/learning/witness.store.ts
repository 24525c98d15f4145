import { fromBinary } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { files } from "@foedus/gen/foedus/files.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { Witness } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { WitnessSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Follower } from "../../runtime/storage/follow.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Tallies, Tally } from "./tally.ts";
import { watch } from "./watch.store.ts";
import { aboutWhom, hubEvidence, witness, type Home, type Told } from "./witness.ts";

/** What nodes tell themselves, and three facts of the hub: nothing that learning tells is there. */
export const evidenceKinds = [...toldByNodes(), ...hubEvidence];

/** Under which its place in the event log is stored. */
export const witnessName = "learning.witness";

/** Keeps, page by page of the event log, what cycles stand on. */
export function witnessing(trustDomain: string): Follower {
  return {
    name: witnessName,
    log: "event",
    kinds: evidenceKinds,
    act: (tx, entries) => take(tx, entries, { trustDomain, tenant: tx.tenant }),
  };
}

async function take(tx: TenantTx, entries: readonly LogEntry[], home: Home): Promise<void> {
  const about = entries.map(toldOf).flatMap((told) => {
    const nodeId = aboutWhom(told, home);
    return nodeId === undefined || nodeId === "" ? [] : [{ nodeId, told }];
  });
  const newest = about.at(-1)?.told.cursor;
  if (newest === undefined) return;
  const ids = [...new Set(about.map(({ nodeId }) => nodeId))];
  const witnesses = await readWitnesses(tx, ids);
  const tallies: Tallies = new Map();
  const away = await watch(tx);
  for (const { nodeId, told } of about) witness(nodeId, told, { witnesses, tallies, away });
  await saveWitnesses(tx, witnesses);
  await addTallies(tx, [...tallies.values()]);
  await sql`
    insert into learning_state (tenant_id, evidence_seq, seen_seq, ended_ms, watched_ms)
    values (${tx.tenant}, ${newest}, 0, ${tx.nowMs}, ${tx.nowMs})
    on conflict (tenant_id) do update set evidence_seq = excluded.evidence_seq`.execute(tx.sql);
}

function toldOf({ seq, storedMs, body }: LogEntry): Told {
  const { event } = fromBinary(StoredEventSchema, body);
  return { cursor: seq, storedMs: Number(storedMs), event: fromBinary(EventSchema, event) };
}

/** What is known of these nodes; of all of them without ids. */
export async function readWitnesses(
  tx: TenantTx,
  ids?: readonly string[],
): Promise<Map<string, Witness>> {
  const { rows } = await sql<{ node_id: string; body: Buffer }>`
    select node_id, body from learning_witness where tenant_id = ${tx.tenant}
      ${ids === undefined ? sql`` : sql`and node_id = any(${ids}::text[])`}`.execute(tx.sql);
  return new Map(rows.map((row) => [row.node_id, fromBody(WitnessSchema, row.body)]));
}

async function saveWitnesses(tx: TenantTx, witnesses: ReadonlyMap<string, Witness>): Promise<void> {
  const ids = [...witnesses.keys()];
  const bodies = [...witnesses.values()].map((one) => toBody(WitnessSchema, one));
  await sql`
    insert into learning_witness (tenant_id, node_id, body)
    select ${tx.tenant}, u.* from unnest(${ids}::text[], ${bodies}::bytea[]) as u (node_id, body)
    on conflict (tenant_id, node_id) do update set body = excluded.body`.execute(tx.sql);
}

async function addTallies(tx: TenantTx, tallies: readonly Tally[]): Promise<void> {
  const of = <T>(pick: (one: Tally) => T): T[] => tallies.map(pick);
  await sql`
    insert into learning_tally as t (tenant_id, node_id, minute_ms, lapsed_ms, paused_ms, accepted,
      refused, failed, state_seq, accepted_seq, refused_seq, failed_seq)
    select ${tx.tenant}, u.* from unnest(
      ${of((one) => one.nodeId)}::text[], ${of((one) => one.minuteMs)}::bigint[],
      ${of((one) => Math.round(one.lapsedMs))}::integer[],
      ${of((one) => Math.round(one.pausedMs))}::integer[],
      ${of((one) => one.accepted)}::integer[], ${of((one) => one.refused)}::integer[],
      ${of((one) => one.failed)}::integer[], ${of((one) => one.stateCursor)}::bigint[],
      ${of((one) => one.acceptedCursor)}::bigint[], ${of((one) => one.refusedCursor)}::bigint[],
      ${of((one) => one.failedCursor)}::bigint[]) as u
    on conflict (tenant_id, minute_ms, node_id) do update set
      lapsed_ms = t.lapsed_ms + excluded.lapsed_ms, paused_ms = t.paused_ms + excluded.paused_ms,
      accepted = t.accepted + excluded.accepted, refused = t.refused + excluded.refused,
      failed = t.failed + excluded.failed,
      state_seq = greatest(t.state_seq, excluded.state_seq),
      accepted_seq = greatest(t.accepted_seq, excluded.accepted_seq),
      refused_seq = greatest(t.refused_seq, excluded.refused_seq),
      failed_seq = greatest(t.failed_seq, excluded.failed_seq)`.execute(tx.sql);
}

function toldByNodes(): string[] {
  return files
    .flatMap((file) => file.messages)
    .filter((schema) => hasOption(schema, family) && !getOption(schema, family).hubOnly)
    .map((schema) => getOption(schema, family).type);
}
