import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Cycle } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { CycleSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GivenLevel } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { GivenLevelSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { placeOf } from "../../runtime/storage/follow.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { conclude, judge, moversOf, type CycleOutcome, type Member } from "./cycle.ts";
import type { Sums } from "./input.ts";
import { fillInputs, readStandings, saveStandings, type InputsBefore } from "./standing.store.ts";
import { dueMs, windowAt, type Window } from "./window.ts";
import { forgetAbsences, watch } from "./watch.store.ts";
import { readWitnesses, witnessName } from "./witness.store.ts";

/** Who is judged: the registry's answer, and which of them somebody vouched for. */
export interface Roll {
  readonly nodes: readonly Node[];
  readonly vouched: ReadonlySet<string>;
}

/** How a cycle is to run. */
export interface CycleOrder {
  readonly roll: Roll;
  readonly askedBy: string;
  readonly heartbeatMs: number;
  /** How long it took already, in milliseconds. */
  readonly tookMs: () => number;
}

/**
 * Runs a cycle and saves what came of it; whoever calls tells the facts, last in the transaction.
 * Of two that run at once the second waits for the first, and stands on it.
 */
export async function cycleIn(tx: TenantTx, order: CycleOrder): Promise<CycleOutcome> {
  const { evidence } = await lockState(tx);
  const away = await watch(tx);
  const before = await newestCycle(tx);
  // Cycles follow each other whatever the clocks of two hubs say.
  const endedMs = before?.endTime === undefined ? 0 : timestampMs(before.endTime);
  const endMs = Math.max(tx.nowMs, endedMs + 1);
  const window = windowAt(endMs, away);
  const id = newId("cyc", {
    random: tx.world.random,
    clock: { ...tx.world.clock, now: () => endMs },
  });
  const headCursor = await placeOf(tx, witnessName);
  const inputs: InputsBefore = new Map();
  const members = await membersOf(tx, order.roll, { window, before, inputs });
  const { askedBy, heartbeatMs } = order;
  const wish = { id, askedBy, heartbeatMs, window, headCursor, members, before };
  const judged = judge(wish);
  await fillInputs(tx, before?.id ?? "", moversOf(judged, members), inputs);
  const outcome = conclude(wish, judged);
  await saveStandings(tx, id, outcome.standings);
  const cycle = { ...outcome.cycle, tookMs: order.tookMs() };
  await saveCycle(tx, cycle, evidence);
  await sql`delete from learning_tally
    where tenant_id = ${tx.tenant} and minute_ms < ${window.startMs}`.execute(tx.sql);
  await forgetAbsences(tx);
  return { ...outcome, cycle };
}

/** Whether the clock asks for a cycle now; keeps others from running one until the commit. */
export async function lockDue(tx: TenantTx): Promise<boolean> {
  const { evidence, seen, endedMs } = await lockState(tx);
  return dueMs(endedMs, evidence > seen) <= tx.nowMs;
}

/** When the next cycle is due; undefined while nothing was ever told. */
export async function nextDueMs(tx: TenantTx): Promise<number | undefined> {
  const { rows } = await sql<StateRow>`
    select * from learning_state where tenant_id = ${tx.tenant}`.execute(tx.sql);
  const [row] = rows;
  return row && dueMs(Number(row.ended_ms), row.evidence_seq > row.seen_seq);
}

/** The newest cycle; undefined before the first. */
export async function newestCycle(tx: TenantTx): Promise<Cycle | undefined> {
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_cycle where tenant_id = ${tx.tenant}
    order by id desc limit 1`.execute(tx.sql);
  const [row] = rows;
  return row && fromBody(CycleSchema, row.body);
}

/** The levels that admins gave. */
export async function readLevels(tx: TenantTx): Promise<Map<string, GivenLevel>> {
  const { rows } = await sql<{ node_id: string; body: Buffer }>`
    select node_id, body from learning_level where tenant_id = ${tx.tenant}`.execute(tx.sql);
  return new Map(rows.map((row) => [row.node_id, fromBody(GivenLevelSchema, row.body)]));
}

interface StateRow {
  evidence_seq: bigint;
  seen_seq: bigint;
  ended_ms: bigint;
}

async function lockState(tx: TenantTx) {
  await sql`insert into learning_state (tenant_id, evidence_seq, seen_seq, ended_ms, watched_ms)
    values (${tx.tenant}, 0, 0, ${tx.nowMs}, ${tx.nowMs}) on conflict do nothing`.execute(tx.sql);
  const { rows } = await sql<StateRow>`
    select * from learning_state where tenant_id = ${tx.tenant} for update`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) throw new Error("a tenant's state was locked and is not there");
  return { evidence: row.evidence_seq, seen: row.seen_seq, endedMs: Number(row.ended_ms) };
}

/** What members are read beside. */
interface Past {
  readonly window: Window;
  readonly before: Cycle | undefined;
  readonly inputs: InputsBefore;
}

async function membersOf(
  tx: TenantTx,
  { nodes, vouched }: Roll,
  { window, before, inputs }: Past,
): Promise<Member[]> {
  // While one answer is decoded, the database works on the next.
  const [witnesses, sums, levels, standings] = await Promise.all([
    readWitnesses(tx),
    readSums(tx, window),
    readLevels(tx),
    readStandings(tx, before?.id ?? "", inputs),
  ]);
  return nodes.map((node) => ({
    node,
    witness: witnesses.get(node.id),
    sums: sums.get(node.id),
    given: levels.get(node.id),
    vouched: vouched.has(node.id),
    before: standings.get(node.id),
  }));
}

interface SumsRow {
  node_id: string;
  lapsed_ms: bigint;
  paused_ms: bigint;
  accepted: bigint;
  refused: bigint;
  failed: bigint;
  state: bigint[] | null;
  accepted_seqs: bigint[] | null;
  refused_seqs: bigint[] | null;
  failed_seqs: bigint[] | null;
}

/** One statement for all nodes: it reads the minutes of the window along the primary key. */
async function readSums(tx: TenantTx, { startMs }: Window): Promise<Map<string, Sums>> {
  const { rows } = await sql<SumsRow>`
    select node_id, sum(lapsed_ms) as lapsed_ms, sum(paused_ms) as paused_ms,
           sum(accepted) as accepted, sum(refused) as refused,
           sum(failed) as failed,
           array_agg(state_seq) filter (where state_seq > 0) as state,
           array[max(accepted_seq)] as accepted_seqs,
           array_agg(refused_seq) filter (where refused_seq > 0) as refused_seqs,
           array_agg(failed_seq) filter (where failed_seq > 0) as failed_seqs
    from learning_tally where tenant_id = ${tx.tenant} and minute_ms >= ${startMs}
    group by node_id`.execute(tx.sql);
  return new Map(rows.map((row) => [row.node_id, sumsOf(row)]));
}

function sumsOf(row: SumsRow): Sums {
  return {
    lapsedMs: Number(row.lapsed_ms),
    pausedMs: Number(row.paused_ms),
    accepted: Number(row.accepted),
    refused: Number(row.refused),
    failed: Number(row.failed),
    stateCursors: row.state ?? [],
    acceptedCursors: row.accepted_seqs ?? [],
    refusedCursors: row.refused_seqs ?? [],
    failedCursors: row.failed_seqs ?? [],
  };
}

async function saveCycle(tx: TenantTx, cycle: Cycle, seen: bigint): Promise<void> {
  const endMs = cycle.endTime === undefined ? 0 : timestampMs(cycle.endTime);
  const { medianTrust, robustMean } = cycle.aggregate ?? {};
  await sql`
    insert into learning_cycle (tenant_id, id, end_ms, median, robust_mean, body)
    values (${tx.tenant}, ${cycle.id}, ${endMs}, ${medianTrust ?? null}, ${robustMean ?? null},
            ${toBody(CycleSchema, cycle)})`.execute(tx.sql);
  await sql`update learning_state set seen_seq = ${seen}, ended_ms = ${endMs}
    where tenant_id = ${tx.tenant}`.execute(tx.sql);
}
