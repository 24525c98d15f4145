import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { AccessRule } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import {
  AccessService,
  AddRuleResponseSchema,
  ListRulesResponseSchema,
  RemoveRuleResponseSchema,
  ResetRulesResponseSchema,
} from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { confirm } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { bad, good, unknown, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { agoText } from "../words/span.ts";

const fingerprintShape = /^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/;

/** Puts a name, a prefix* or a fingerprint on a list. */
export async function addRule(
  context: CliContext,
  kind: RuleKind,
  typed: string,
  reason: string,
): Promise<void> {
  const hub = await context.hub();
  const who = fingerprintShape.test(typed) ? { fingerprint: typed } : { name: typed };
  const request = { requestId: context.newRequestId(), rule: { kind, ...who, reason } };
  const answer = await hub.as(AccessService).addRule(request, hub.call);
  await context.print.answer(AddRuleResponseSchema, answer, () => {
    const blocks = kind === RuleKind.BLOCK;
    const what = blocks ? "may not join in any mode" : "may join with a token in mode invite";
    context.print.line(`${typed} ${what}.`);
    if (blocks) context.print.line("Who is in already stays: foedus node revoke ends a node.");
  });
}

/** Lists the rules. */
export async function listRules(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const rules = await readRules(context, RuleKind.UNSPECIFIED);
  const answer = create(ListRulesResponseSchema, { rules });
  await print.answer(ListRulesResponseSchema, answer, async () => {
    if (rules.length === 0) return print.line("Both lists are empty.");
    const nowMs = hub.nowMs();
    const head = ["LIST", "WHO", "REASON", "MADE", "BY", "RULE"];
    await print.table(
      head,
      rules.map((rule) => rowOf(rule, nowMs)),
    );
  });
}

function rowOf(rule: AccessRule, nowMs: number): Piece[] {
  const { id, kind, name, fingerprint, reason, createTime, createdBy } = rule;
  const list = kind === RuleKind.BLOCK ? bad("block") : good("allow");
  const made = createTime === undefined ? unknown : agoText(timestampMs(createTime), nowMs);
  return [list, name || fingerprint, reason, made, createdBy, id];
}

/** Takes a rule off its list, by its id or by whom it names. */
export async function removeRule(
  context: CliContext,
  kind: RuleKind,
  typed: string,
): Promise<void> {
  const hub = await context.hub();
  const rules = await readRules(context, kind);
  const found = rules.find((rule) => [rule.id, rule.name, rule.fingerprint].includes(typed));
  if (found === undefined) throw new Fault(Reason.NOT_FOUND, { object: `rule about ${typed}` });
  const request = { requestId: context.newRequestId(), ruleId: found.id };
  const answer = await hub.as(AccessService).removeRule(request, hub.call);
  await context.print.answer(RemoveRuleResponseSchema, answer, () => {
    const list = kind === RuleKind.BLOCK ? "block" : "allow";
    context.print.line(`${found.name || found.fingerprint} is off the ${list} list.`);
  });
}

/** Empties a list. */
export async function resetRules(
  context: CliContext,
  kind: RuleKind,
  { reason, yes = false }: { readonly reason: string; readonly yes?: boolean },
): Promise<void> {
  const list = kind === RuleKind.BLOCK ? "block" : "allow";
  await confirm(context, `Emptying the ${list} list`, yes);
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), kind, reason };
  const answer = await hub.as(AccessService).resetRules(request, hub.call);
  await context.print.answer(ResetRulesResponseSchema, answer, () => {
    context.print.line(`The ${list} list is empty; it had ${counted(answer.removed, "rule")}.`);
  });
}

async function readRules(context: CliContext, kind: RuleKind): Promise<AccessRule[]> {
  const hub = await context.hub();
  const client = hub.as(AccessService);
  return await allPages(
    (page) => client.listRules({ page, kind }, hub.call),
    (page) => page.rules,
  );
}
