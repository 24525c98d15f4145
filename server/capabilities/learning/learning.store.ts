import { create } from "@bufbuild/protobuf";
import type { Cycle, NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { CycleSchema, NodeTrustSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { ListTrustHistoryResponse_Point } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { ListTrustHistoryResponse_PointSchema } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { GivenLevel } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { GivenLevelSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { cycleIn, newestCycle, nextDueMs, readLevels, type CycleOrder } from "./cycle.store.ts";
import { levelTold } from "./level.ts";
import { keptCycle } from "./keep.store.ts";
import { cycleEveryMs, quietCycleMs } from "./window.ts";

/** What is known of one node. */
export interface Known {
  readonly cycle: Cycle | undefined;
  readonly trust: NodeTrust | undefined;
}

/** Reads what cycles left, and runs one that somebody asks for. */
export function learningStore(storage: Storage) {
  return {
    network: (tenant: TenantId) => storage.tenant(tenant, readNetwork),
    cycles: (tenant: TenantId, wish: PageWish) =>
      storage.tenant(tenant, (tx) => listCycles(tx, wish)),
    trust: (tenant: TenantId, cycleId: string, wish: PageWish) =>
      storage.tenant(tenant, (tx) => listTrust(tx, cycleId, wish)),
    history: (tenant: TenantId, nodeId: string, wish: PageWish) =>
      storage.tenant(tenant, (tx) => listHistory(tx, nodeId, wish)),
    find: (tenant: TenantId, nodeId: string, cycleId: string) =>
      storage.tenant(tenant, (tx) => find(tx, nodeId, cycleId)),
    run: (write: Write, order: CycleOrder): Promise<Cycle> =>
      decide(storage, write, CycleSchema, async (tx) => {
        const { cycle, facts } = await cycleIn(tx, order);
        return { answer: cycle, facts, object: cycle.id };
      }),
    setLevel: (write: Write, nodeId: string, change: LevelChange): Promise<NodeTrust> =>
      decide(storage, write, NodeTrustSchema, async (tx) => {
        const given = (await readLevels(tx)).get(nodeId);
        const { cycle, trust } = await find(tx, nodeId);
        const { next, answer } = change(trust, given, tx.nowMs);
        await saveLevel(tx, nodeId, next);
        if (answer.level === trust?.level) return { answer, facts: [], object: nodeId };
        await markLevelTold(tx, cycle?.id ?? "", answer);
        return { answer, facts: [levelTold(answer, cycle?.id)], object: nodeId };
      }),
    /** Whose cycles are due, of all tenants. */
    due: () => tenantsDue(storage),
    /** Who has cycles, of all tenants. */
    tenants: () => tenantsKnown(storage),
  };
}

/** What giving a level does: the standing and the level before, and the hub's time. */
export type LevelChange = (
  trust: NodeTrust | undefined,
  before: GivenLevel | undefined,
  nowMs: number,
) => { readonly next: GivenLevel; readonly answer: NodeTrust };

/** The tables of learning. */
export type LearningStore = ReturnType<typeof learningStore>;

async function readNetwork(tx: TenantTx) {
  const cycle = await newestCycle(tx);
  const nextMs = await nextDueMs(tx);
  const due = nextMs === undefined ? cycleEveryMs : Math.max(0, nextMs - tx.nowMs);
  const best = cycle && (await extreme(tx, cycle.id, "score"));
  const slowest = cycle && (await extreme(tx, cycle.id, "latency_ms"));
  return { cycle, best, slowest, nextMs: due };
}

async function extreme(
  tx: TenantTx,
  cycleId: string,
  column: "score" | "latency_ms",
): Promise<NodeTrust | undefined> {
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_trust where tenant_id = ${tx.tenant} and cycle_id = ${cycleId}
      and ${sql.ref(column)} is not null
    order by ${sql.ref(column)} desc, node_id limit 1`.execute(tx.sql);
  const [row] = rows;
  return row && fromBody(NodeTrustSchema, row.body);
}

async function listCycles(tx: TenantTx, wish: PageWish): Promise<Cycle[]> {
  const [before] = wish.after ?? [];
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_cycle where tenant_id = ${tx.tenant}
      ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${wish.size}`.execute(tx.sql);
  return rows.map((row) => fromBody(CycleSchema, row.body));
}

async function listTrust(tx: TenantTx, asked: string, wish: PageWish): Promise<NodeTrust[]> {
  const cycleId = asked === "" ? (await newestCycle(tx))?.id : await keptCycle(tx, asked);
  const [after = ""] = wish.after ?? [];
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_trust
    where tenant_id = ${tx.tenant} and cycle_id = ${cycleId ?? ""} and node_id > ${after}
    order by node_id limit ${wish.size}`.execute(tx.sql);
  return rows.map((row) => fromBody(NodeTrustSchema, row.body));
}

interface PointRow {
  cycle_id: string;
  end_ms: bigint;
  score: number | null;
  median: number | null;
  robust_mean: number | null;
}

async function listHistory(
  tx: TenantTx,
  nodeId: string,
  wish: PageWish,
): Promise<ListTrustHistoryResponse_Point[]> {
  const [before] = wish.after ?? [];
  const { rows } = await sql<PointRow>`
    select t.cycle_id, c.end_ms, t.score, c.median, c.robust_mean
    from learning_cycle c
    join learning_trust t on t.tenant_id = c.tenant_id and t.cycle_id = c.id
    where c.tenant_id = ${tx.tenant} and t.tenant_id = ${tx.tenant} and t.node_id = ${nodeId}
      ${before === undefined ? sql`` : sql`and c.id < ${before}`}
    order by c.id desc limit ${wish.size}`.execute(tx.sql);
  return rows.map((row) =>
    create(ListTrustHistoryResponse_PointSchema, {
      cycleId: row.cycle_id,
      endMs: row.end_ms,
      score: row.score ?? undefined,
      median: row.median ?? undefined,
      robustMean: row.robust_mean ?? undefined,
    }),
  );
}

/** Where a node stood after a cycle; after the newest without an id. */
async function find(tx: TenantTx, nodeId: string, cycleId = ""): Promise<Known> {
  const cycle = cycleId === "" ? await newestCycle(tx) : await readCycle(tx, cycleId);
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_trust where tenant_id = ${tx.tenant}
      and cycle_id = ${cycle?.id ?? ""} and node_id = ${nodeId}`.execute(tx.sql);
  const [row] = rows;
  return { cycle, trust: row && fromBody(NodeTrustSchema, row.body) };
}

async function readCycle(tx: TenantTx, asked: string): Promise<Cycle | undefined> {
  const id = await keptCycle(tx, asked);
  const { rows } = await sql<{ body: Buffer }>`
    select body from learning_cycle where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.sql);
  const [row] = rows;
  return row && fromBody(CycleSchema, row.body);
}

/** The next cycle has something new to look at. */
async function saveLevel(tx: TenantTx, nodeId: string, given: GivenLevel): Promise<void> {
  await sql`insert into learning_level (tenant_id, node_id, body)
    values (${tx.tenant}, ${nodeId}, ${toBody(GivenLevelSchema, given)})
    on conflict (tenant_id, node_id) do update set body = excluded.body`.execute(tx.sql);
  await sql`update learning_state set seen_seq = least(seen_seq, evidence_seq - 1)
    where tenant_id = ${tx.tenant}`.execute(tx.sql);
}

/** The next cycle does not tell it again. */
async function markLevelTold(tx: TenantTx, cycleId: string, trust: NodeTrust): Promise<void> {
  await sql`update learning_trust set told_level = ${trust.level}
    where tenant_id = ${tx.tenant} and cycle_id = ${cycleId}
      and node_id = ${trust.nodeId}`.execute(tx.sql);
}

async function tenantsDue(storage: Storage): Promise<TenantId[]> {
  const nowMs = storage.nowMs();
  const { rows } = await sql<{ tenant_id: string }>`
    select tenant_id from learning_state
    where ended_ms <= ${nowMs - cycleEveryMs}
      and (evidence_seq > seen_seq or ended_ms <= ${nowMs - quietCycleMs})`.execute(
    storage.sweeper,
  );
  return rows.map((row) => tenantProved(row.tenant_id));
}

async function tenantsKnown(storage: Storage): Promise<TenantId[]> {
  const { rows } = await sql<{ tenant_id: string }>`
    select tenant_id from learning_state`.execute(storage.sweeper);
  return rows.map((row) => tenantProved(row.tenant_id));
}
