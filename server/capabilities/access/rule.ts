import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { AccessRule } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessRuleSchema, RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessRuleChangedSchema } from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** Every judgement reads all rules of its tenant. */
export const rulesMax = 1_000;

/** Whom a rule may be about. */
export interface Somebody {
  /** Empty when it takes any name. */
  readonly name: string;
  readonly fingerprint: string;
}

/** A rule as an admin wishes it; the hub adds who and when. */
export function makeRule(
  wish: AccessRule,
  made: { readonly id: string; readonly by: string; readonly nowMs: number },
): Change<AccessRule> {
  const { kind, name, fingerprint, reason } = wish;
  if (kind === RuleKind.UNSPECIFIED) throw invalid("a rule allows or blocks");
  if ((name === "") === (fingerprint === "")) {
    throw invalid("a rule names either a name or a fingerprint");
  }
  const createTime = timestampFromMs(made.nowMs);
  const says = { kind, name, fingerprint, reason };
  const next = create(AccessRuleSchema, { id: made.id, ...says, createTime, createdBy: made.by });
  return { next, facts: [ruleChanged(next, false)] };
}

/** The fact that a rule was made or removed. */
export function ruleChanged(rule: AccessRule, removed: boolean) {
  return fact(AccessRuleChangedSchema, rule.id, { rule, removed });
}

/** @throws Fault LIMIT_EXCEEDED when the lists are full. */
export function requireRoom(rules: number): void {
  if (rules < rulesMax) return;
  throw new Fault(Reason.LIMIT_EXCEEDED, { what: "the access lists", limit: `${rulesMax} rules` });
}

/** The first rule of a kind that is about somebody. */
export function ruleAbout(
  rules: readonly AccessRule[],
  kind: RuleKind,
  who: Somebody,
): AccessRule | undefined {
  return rules.find((rule) => rule.kind === kind && isAbout(rule, who));
}

function isAbout({ name, fingerprint }: AccessRule, who: Somebody): boolean {
  if (fingerprint !== "") return fingerprint === who.fingerprint;
  return name.endsWith("*") ? who.name.startsWith(name.slice(0, -1)) : name === who.name;
}

function invalid(violation: string): Fault {
  return new Fault(Reason.INVALID_REQUEST, { violation });
}
