import { create } from "@bufbuild/protobuf";
import { AuditEntrySchema } from "@foedus/gen/foedus/audit/v1/audit_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeRetiredSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { fact } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { leafHash } from "@foedus/kernel/merkle.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { Write } from "../write.ts";
import { fromBody } from "./body.ts";
import { decide, forgetAnswers } from "./decide.ts";
import { readLog } from "./log.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url, { connectionsMax: 8 });
});

afterAll(async () => {
  await storage.close();
});

function writeBy(tenant: TenantId, change: Partial<Write> = {}): Write {
  return {
    caller: insideCaller("test", tenant),
    method: "foedus.node.v1.NodeService/RetireNode",
    requestId: "request-1",
    requestHash: sha256("what was asked"),
    answersSecret: false,
    ...change,
  };
}

/** Counts its effects in a row of its own: what rolls back does not count. */
async function effect(write: Write, fails = false) {
  return await decide(storage, write, NodeSchema, async (tx) => {
    const { rows } = await sql<{ value: string }>`
      insert into hub_fact (tenant_id, name, value) values (${tx.tenant}, 'effects', '1')
      on conflict (tenant_id, name) do update set value = (hub_fact.value::int + 1)::text
      returning value`.execute(tx.sql);
    if (fails) throw new Error("no");
    const answer = create(NodeSchema, { id: "node_1", name: `after ${rows[0]?.value}` });
    return {
      answer,
      facts: [fact(NodeRetiredSchema, "node_1", { node: answer })],
      object: "node_1",
    };
  });
}

async function traces(tenant: TenantId) {
  return await storage.tenant(tenant, async (tx) => {
    const effects = await tx.sql.selectFrom("hub_fact").select("value").execute();
    const leaves = await tx.sql.selectFrom("audit_leaf").selectAll().execute();
    const { entries } = await readLog(tx, "outbox", 0n);
    return { effects: Number(effects[0]?.value ?? 0), leaves, facts: entries };
  });
}

test("fifty times the same request at once: one effect, one fact, one leaf, fifty same answers", async () => {
  const tenant = newTenant();
  const calls = Array.from({ length: 50 }, () => effect(writeBy(tenant)));
  const answers = await Promise.all(calls);
  expect(new Set(answers.map((answer) => answer.name))).toEqual(new Set(["after 1"]));
  const { effects, leaves, facts } = await traces(tenant);
  expect([effects, leaves.length, facts.length]).toEqual([1, 1, 1]);
});

test("another request, method or caller is another decision", async () => {
  const tenant = newTenant();
  await effect(writeBy(tenant));
  await effect(writeBy(tenant, { requestId: "request-2" }));
  await effect(writeBy(tenant, { method: "foedus.node.v1.NodeService/SetMaintenance" }));
  await effect(writeBy(tenant, { caller: insideCaller("other", tenant) }));
  expect((await traces(tenant)).effects).toBe(4);
});

test("the same request_id with other words is refused, and has no effect", async () => {
  const tenant = newTenant();
  await effect(writeBy(tenant));
  const other = effect(writeBy(tenant, { requestHash: sha256("something else") }));
  await expect(other).rejects.toMatchObject({
    reason: Reason.REQUEST_ID_REUSED,
    facts: { request_id: "request-1" },
  });
  expect((await traces(tenant)).effects).toBe(1);
});

test("a secret answer is not kept: a repeat learns what was made, and not the secret", async () => {
  const tenant = newTenant();
  const write = writeBy(tenant, { answersSecret: true });
  await effect(write);
  await expect(effect(write)).rejects.toMatchObject({
    reason: Reason.ALREADY_ISSUED,
    facts: { id: "node_1", request_id: "request-1" },
  });
  const kept = await storage.tenant(tenant, (tx) =>
    tx.sql.selectFrom("answer").select(["body", "object"]).execute(),
  );
  expect(kept).toEqual([{ body: null, object: "node_1" }]);
});

test("what fails leaves nothing behind, and can be asked again with the same id", async () => {
  const tenant = newTenant();
  await expect(effect(writeBy(tenant), true)).rejects.toThrow("no");
  expect(await traces(tenant)).toEqual({ effects: 0, leaves: [], facts: [] });
  expect((await effect(writeBy(tenant))).name).toBe("after 1");
});

test("of fifty at once, those before the last may fail: the first that does not is the one", async () => {
  const tenant = newTenant();
  const calls = Array.from({ length: 50 }, (_, at) => effect(writeBy(tenant), at % 2 === 0));
  const settled = await Promise.allSettled(calls);
  const answered = settled.filter(({ status }) => status === "fulfilled");
  expect(answered.length).toBeGreaterThanOrEqual(25);
  expect((await traces(tenant)).effects).toBe(1);
});

test("the leaf of the audit log says who, what and how it ended, and its hash is of its bytes", async () => {
  const tenant = newTenant();
  await effect(writeBy(tenant));
  const [leaf] = (await traces(tenant)).leaves;
  if (leaf === undefined) throw new Error("no leaf");
  expect(new Uint8Array(leaf.leaf_hash)).toEqual(leafHash(new Uint8Array(leaf.body)));
  expect(fromBody(AuditEntrySchema, leaf.body)).toMatchObject({
    caller: "svc/test",
    method: "foedus.node.v1.NodeService/RetireNode",
    requestId: "request-1",
    object: "node_1",
    outcome: "OK",
    facts: ["node.retired"],
  });
});

test("answers are forgotten after a day, not before", async () => {
  const tenant = newTenant();
  await effect(writeBy(tenant));
  await forgetAnswers(storage);
  expect((await effect(writeBy(tenant))).name).toBe("after 1");
  const dayMs = 24 * 3_600_000;
  await forgetAnswers({ ...storage, nowMs: () => storage.nowMs() + dayMs + 1 });
  expect((await effect(writeBy(tenant))).name).toBe("after 2");
});
