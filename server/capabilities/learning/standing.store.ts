import { NodeTrustSchema, type TrustInput } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Before, Standing } from "./cycle.ts";

/** What scores were made of after the cycle before, by node; of those that somebody asks for. */
export type InputsBefore = Map<string, readonly TrustInput[]>;

interface StandingRow {
  node_id: string;
  score: number | null;
  told: number | null;
  latency_ms: number | null;
  reputation: number | null;
  good_ms: bigint | null;
  told_level: number | null;
}

/** Where each node stood after a cycle, without what made it so: few scores move far. */
export async function readStandings(
  tx: TenantTx,
  cycleId: string,
  inputs: InputsBefore,
): Promise<Map<string, Before>> {
  const { rows } = await sql<StandingRow>`
    select node_id, score, told, latency_ms, reputation, good_ms, told_level from learning_trust
    where tenant_id = ${tx.tenant} and cycle_id = ${cycleId}`.execute(tx.sql);
  return new Map(rows.map((row) => [row.node_id, beforeOf(row, inputs)]));
}

function beforeOf(row: StandingRow, inputs: InputsBefore): Before {
  return {
    score: row.score ?? undefined,
    told: row.told ?? undefined,
    latencyMs: row.latency_ms ?? undefined,
    reputation: row.reputation ?? undefined,
    goodMs: row.good_ms === null ? undefined : Number(row.good_ms),
    toldLevel: row.told_level ?? undefined,
    inputs: () => inputs.get(row.node_id) ?? [],
  };
}

/** Reads what made the scores of some nodes after a cycle. */
export async function fillInputs(
  tx: TenantTx,
  cycleId: string,
  nodeIds: readonly string[],
  inputs: InputsBefore,
): Promise<void> {
  if (nodeIds.length === 0) return;
  const { rows } = await sql<{ node_id: string; body: Buffer }>`
    select node_id, body from learning_trust
    where tenant_id = ${tx.tenant} and cycle_id = ${cycleId}
      and node_id = any(${nodeIds}::text[])`.execute(tx.sql);
  for (const row of rows) inputs.set(row.node_id, fromBody(NodeTrustSchema, row.body).inputs);
}

/** So many are written at once: while the database writes them, the next are encoded. */
const writtenMax = 2_500;

/** Saves where nodes stand after a cycle. */
export async function saveStandings(
  tx: TenantTx,
  cycleId: string,
  standings: readonly Standing[],
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  for (let at = 0; at < standings.length; at += writtenMax) {
    const some = standings.slice(at, at + writtenMax);
    const bodies = some.map(({ trust }) => toBody(NodeTrustSchema, trust));
    await writing;
    writing = insert(tx, cycleId, some, bodies);
    // What fails meanwhile is thrown by the next look at it.
    writing.catch(() => undefined);
    // Lets it go out before the next are encoded.
    await tx.world.timers.sleep(0);
  }
  await writing;
}

/** The bodies go as one run of bytes: a list of them would be spelled out in hexadecimal. */
async function insert(
  tx: TenantTx,
  cycleId: string,
  standings: readonly Standing[],
  bodies: readonly Buffer[],
): Promise<void> {
  const of = <T>(pick: (one: Standing) => T): T[] => standings.map(pick);
  await sql`
    insert into learning_trust
      (tenant_id, cycle_id, node_id, score, told, latency_ms, reputation, good_ms, told_level, body)
    select ${tx.tenant}, ${cycleId}, u.node_id, u.score, u.told, u.latency_ms, u.reputation,
           u.good_ms, u.told_level, substr(b.bodies, u.at, u.length)
    from (select ${Buffer.concat(bodies)}::bytea as bodies) as b, unnest(
      ${of(({ trust }) => trust.nodeId)}::text[],
      ${of(({ trust }) => trust.score ?? null)}::double precision[],
      ${of(({ told }) => told ?? null)}::double precision[],
      ${of(({ trust }) => trust.latencyMs ?? null)}::double precision[],
      ${of(({ trust }) => trust.reputation ?? null)}::double precision[],
      ${of(({ goodMs }) => goodMs ?? null)}::bigint[],
      ${of(({ toldLevel }) => toldLevel)}::smallint[],
      ${startsOf(bodies)}::integer[], ${bodies.map((body) => body.length)}::integer[]
    ) as u (node_id, score, told, latency_ms, reputation, good_ms, told_level, at, length)`.execute(
    tx.sql,
  );
}

/** Where each begins once they stand behind each other; SQL counts from 1. */
function startsOf(bodies: readonly Buffer[]): number[] {
  let next = 1;
  return bodies.map((body) => {
    const start = next;
    next += body.length;
    return start;
  });
}
