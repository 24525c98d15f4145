// A cycle over ten thousand nodes, with ten minutes of tallies of each.
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { WitnessSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { runDue } from "../../server/capabilities/learning/cycle.flow.ts";
import { minuteMs, minuteOf, quietCycleMs } from "../../server/capabilities/learning/window.ts";
import { saveNodes } from "../../server/capabilities/node/node.row.store.ts";
import { toBody } from "../../server/runtime/storage/body.ts";
import type { TenantTx } from "../../server/runtime/storage/storage.ts";
import { startLocalHub } from "../support/hub.local.ts";
import { freely } from "../support/joined.ts";
import { shifted } from "../support/shifted.ts";

const main = tenantProved("main");
const count = 10_000;
const idOf = (n: number) => `node_${String(n).padStart(26, "0")}`;

/** Of the order of a second on a quiet machine; a cycle that asks node by node takes a minute. */
const tookMsMax = 5_000;

test("a cycle over 10,000 nodes asks for all of them at once", async () => {
  const local = await startLocalHub({ values: freely });
  const { hub } = local;
  try {
    await hub.storage.tenant(main, (tx) => fill(tx));
    const inside = insideCaller("bench", main);
    for (const cycle of [1, 2, 3]) {
      const storage = shifted(hub.storage, cycle * quietCycleMs);
      expect(await runDue({ ...hub, storage }, main, "run_bench")).toBe(true);
    }
    const { cycles } = await hub.calls.as(LearningService, inside).listCycles({});
    expect(cycles).toHaveLength(3);
    for (const { tookMs, aggregate } of cycles) {
      console.log(`a cycle over ${aggregate?.participants} nodes took ${Math.round(tookMs)} ms`);
      expect(aggregate?.participants).toBe(count);
      expect(tookMs).toBeLessThan(tookMsMax);
    }
  } finally {
    await local.stop();
  }
}, 60_000);

async function fill(tx: TenantTx): Promise<void> {
  const all = Array.from({ length: count }, (_, n) => n);
  const then = timestampFromMs(tx.nowMs - 3_600_000);
  const nodes = all.map((n) =>
    create(NodeSchema, {
      id: idOf(n),
      name: `n-${n}`,
      state: NodeState.ONLINE,
      createTime: then,
      stateTime: then,
      spiffeId: `spiffe://foedus.local/tenant/main/node/${idOf(n)}`,
    }),
  );
  await saveNodes(tx, nodes);
  const summary = { summaryMs: BigInt(tx.nowMs), summaryType: "hub.health", summaryCursor: 1n };
  const priorities = [{ topic: "speed", weight: 0.5, confidence: 0.5 }];
  const telemetry = { trustScore: 99, priorities };
  const held = { state: NodeState.ONLINE, stateMs: 1n, heldMs: 1n };
  const witness = create(WitnessSchema, { ...summary, ...held, telemetry, telemetryCursor: 2n });
  await sql`insert into learning_witness (tenant_id, node_id, body)
    select ${main}, id, ${toBody(WitnessSchema, witness)} from unnest(${all.map(idOf)}::text[]) as u (id)`.execute(
    tx.sql,
  );
  const minutes = Array.from({ length: 26 }, (_, n) => minuteOf(tx.nowMs) + (n - 10) * minuteMs);
  await sql`insert into learning_tally
    select ${main}, m, id, 0, 0, 2, 0, 0, 0, 2, 0, 0
    from unnest(${minutes}::bigint[]) as w (m), unnest(${all.map(idOf)}::text[]) as u (id)`.execute(
    tx.sql,
  );
  await sql`insert into learning_state values (${main}, 1, 0, ${tx.nowMs})`.execute(tx.sql);
}
