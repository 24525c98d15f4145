import type { AccessRule } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessRuleSchema, RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import {
  ResetRulesResponseSchema,
  type ListRulesRequest,
} from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Change, Fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { makeRule, requireRoom, ruleChanged } from "./rule.ts";
import { raise } from "./standing.store.ts";

/** The allow and block lists. */
export function ruleStore(storage: Storage) {
  return {
    /** One that stands already is answered as it is. */
    add: (write: Write, wish: AccessRule): Promise<AccessRule> =>
      decide(storage, write, AccessRuleSchema, async (tx) => {
        const { next, facts } = await addRule(tx, wish, write.caller.id);
        return { answer: next, facts, object: next.id };
      }),

    remove: (write: Write, id: string): Promise<AccessRule> =>
      decide(storage, write, AccessRuleSchema, async (tx) => {
        await raise(tx);
        const [rule] = await dropRules(tx, { id });
        if (rule === undefined) throw new Fault(Reason.NOT_FOUND, { object: `rule ${id}` });
        return { answer: rule, facts: [ruleChanged(rule, true)], object: id };
      }),

    reset: (write: Write, kind: RuleKind) =>
      decide(storage, write, ResetRulesResponseSchema, async (tx) => {
        await raise(tx);
        const rules = await dropRules(tx, { kind });
        const facts = rules.map((rule) => ruleChanged(rule, true));
        const answer = create(ResetRulesResponseSchema, { removed: rules.length });
        return { answer, facts, object: RuleKind[kind] };
      }),

    /** Oldest first. */
    list: (tenant: TenantId, request: ListRulesRequest) => list(storage, tenant, request),
  };
}

/** The allow and block lists. */
export type RuleStore = ReturnType<typeof ruleStore>;

/** Adds a rule within a decision. */
export async function addRule(
  tx: TenantTx,
  wish: AccessRule,
  by: string,
): Promise<Change<AccessRule>> {
  const id = newId("rule", tx.world);
  const change = makeRule(wish, { id, by, nowMs: tx.nowMs });
  const { kind, name, fingerprint } = change.next;
  // The number's row is the lock under which rules are counted.
  await raise(tx);
  const own = tx.sql.selectFrom("access_rule").where("tenant_id", "=", tx.tenant);
  const same = await own
    .select("body")
    .where("kind", "=", kind)
    .where("name", "=", name)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  if (same !== undefined) return { next: fromBody(AccessRuleSchema, same.body), facts: noFacts };
  const { rules } = await own
    .select((select) => select.fn.countAll().as("rules"))
    .executeTakeFirstOrThrow();
  requireRoom(Number(rules));
  const body = toBody(AccessRuleSchema, change.next);
  const values = { tenant_id: tx.tenant, id, kind, name, fingerprint, body };
  await tx.sql.insertInto("access_rule").values(values).execute();
  return change;
}

const noFacts: readonly Fact[] = [];

async function dropRules(
  tx: TenantTx,
  which: { readonly id: string } | { readonly kind: RuleKind },
): Promise<AccessRule[]> {
  const all = tx.sql.deleteFrom("access_rule").where("tenant_id", "=", tx.tenant);
  const some = "id" in which ? all.where("id", "=", which.id) : all.where("kind", "=", which.kind);
  const rows = await some.returning("body").execute();
  return rows.map((row) => fromBody(AccessRuleSchema, row.body));
}

async function list(storage: Storage, tenant: TenantId, { page, kind }: ListRulesRequest) {
  const name = `rules ${kind}`;
  const { size, after } = pageWish(page, name);
  return await storage.tenant(tenant, async (tx) => {
    let query = tx.sql.selectFrom("access_rule").select("body").where("tenant_id", "=", tenant);
    if (kind !== RuleKind.UNSPECIFIED) query = query.where("kind", "=", kind);
    if (after !== undefined) query = query.where("id", ">", after[0] ?? "");
    const rows = await query.orderBy("id").limit(size).execute();
    const rules = rows.map((row) => fromBody(AccessRuleSchema, row.body));
    const last = rules.length === size ? rules.at(-1) : undefined;
    return { rules, nextPageToken: last === undefined ? "" : pageToken(name, [last.id]) };
  });
}
