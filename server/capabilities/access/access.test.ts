import { create } from "@bufbuild/protobuf";
import {
  AccessMode,
  AccessRuleSchema,
  JoinRequestState,
  RuleKind,
  type AccessRule,
} from "@foedus/gen/foedus/access/v1/access_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judge, type Wish } from "./access.ts";
import { approve, ask, deny, expired, joined, requestMs, seenAgain } from "./request.ts";

const identityKey = new Uint8Array(32).fill(7);
const fingerprint = fingerprintOf(identityKey);
const asking = { name: "shop", identityKey, fingerprint, address: "192.0.2.1" };
const waiting = ask(asking, "join_1", 0).next;
const by = { by: "person/owner", nowMs: 1 };
const approved = approve(waiting, { fingerprint, role: Role.UNSPECIFIED }, by).next;
const bare: Wish = { name: "shop", fingerprint, hasToken: false, nameInToken: false };
const modes = [AccessMode.OPEN, AccessMode.APPROVAL, AccessMode.INVITE] as const;

function rule(kind: RuleKind, who: { name?: string; fingerprint?: string }): AccessRule {
  return create(AccessRuleSchema, { id: "rule_1", kind, reason: "a test", ...who });
}

function fateOf(act: () => ReturnType<typeof judge>): string {
  try {
    const verdict = act();
    return verdict.kind === "wait" ? "wait" : `admit ${Role[verdict.role]} ${verdict.vouched}`;
  } catch (error) {
    return error instanceof Fault ? reasonName(error.reason) : String(error);
  }
}

const token = { ...bare, hasToken: true };
const named = { ...token, nameInToken: true };
const admits = "admit UNSPECIFIED true";

test.each([
  ["nothing", bare, ["admit OBSERVER false", "wait", "TOKEN_REQUIRED"]],
  ["a token", token, [admits, admits, "JOIN_NOT_INVITED"]],
  ["a token that binds the name", named, [admits, admits, admits]],
])("with %s one fares by the mode", (_what, wish, fates) => {
  for (const [at, mode] of modes.entries()) {
    expect(fateOf(() => judge({ mode, rules: [] }, wish, undefined, 1))).toBe(fates[at]);
  }
});

test.each([
  ["waits", waiting, ["admit OBSERVER false", "wait", "TOKEN_REQUIRED"]],
  ["was approved", approved, ["admit MEMBER true", "admit MEMBER true", "TOKEN_REQUIRED"]],
  ["was denied", deny(waiting, "no", by).next, ["JOIN_DENIED", "JOIN_DENIED", "TOKEN_REQUIRED"]],
  ["lapsed", expired(waiting).next, ["JOIN_EXPIRED", "JOIN_EXPIRED", "TOKEN_REQUIRED"]],
  ["became a node", joined(approved, "n").next, ["KEY_JOINED", "KEY_JOINED", "TOKEN_REQUIRED"]],
])("whose wish %s fares by that and the mode", (_what, asked, fates) => {
  for (const [at, mode] of modes.entries()) {
    expect(fateOf(() => judge({ mode, rules: [] }, bare, asked, 1))).toBe(fates[at]);
  }
});

test("whoever is blocked is refused with anything, in any mode, whatever allows it", () => {
  const blocks = [
    rule(RuleKind.BLOCK, { name: "shop" }),
    rule(RuleKind.BLOCK, { name: "sh*" }),
    rule(RuleKind.BLOCK, { name: "*" }),
    rule(RuleKind.BLOCK, { fingerprint }),
  ];
  const mode = fc.constantFrom(...modes);
  const wishes = fc.constantFrom(bare, token, named);
  fc.assert(
    fc.property(
      mode,
      wishes,
      fc.constantFrom(...blocks),
      fc.boolean(),
      (now, wish, block, first) => {
        const allow = rule(RuleKind.ALLOW, { name: "shop" });
        const rules = first ? [allow, block] : [block, allow];
        expect(fateOf(() => judge({ mode: now, rules }, wish, approved, 1))).toBe("JOIN_BLOCKED");
      },
    ),
  );
});

test("a rule is about its name, its prefix or its key, and nobody else", () => {
  const others = [{ name: "shops" }, { name: "s" }, { name: "" }, { fingerprint: "0000" }];
  for (const who of [...others, { name: "shop-*" }]) {
    const rules = [rule(RuleKind.BLOCK, who)];
    expect(fateOf(() => judge({ mode: AccessMode.OPEN, rules }, bare, undefined, 1))).not.toBe(
      "JOIN_BLOCKED",
    );
  }
});

test("a wish ends with the millisecond in which its day is over", () => {
  const standing = { mode: AccessMode.APPROVAL, rules: [] };
  expect(fateOf(() => judge(standing, bare, waiting, requestMs - 1))).toBe("wait");
  expect(fateOf(() => judge(standing, bare, waiting, requestMs))).toBe("JOIN_EXPIRED");
  expect(fateOf(() => judge(standing, bare, approved, requestMs))).toBe("admit MEMBER true");
  expect(fateOf(() => judge(standing, bare, approved, requestMs + 1))).toBe("JOIN_EXPIRED");
});

test("asking again is written down once a minute", () => {
  expect(seenAgain(waiting, 59_999)).toBeUndefined();
  expect(seenAgain(waiting, 60_000)?.state).toBe(JoinRequestState.WAITING);
});
