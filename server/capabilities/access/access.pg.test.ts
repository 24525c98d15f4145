import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import {
  AccessMode,
  AccessRuleSchema,
  JoinRequestState,
  RuleKind,
} from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { insideCaller, stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { admissionIn, enrollRequest, newJoiner } from "../../../tests/support/joiner.ts";
import { identity } from "../identity/index.ts";
import { expireRequests } from "./ended.store.ts";
import { access } from "./index.ts";
import { noteWish } from "./request.store.ts";
import { requestMs, waitingMax, waitingOfAddressMax } from "./request.ts";
import { addRule as addRuleWithin } from "./rule.store.ts";
import { rulesMax } from "./rule.ts";
import { until } from "../../../tests/support/until.ts";

let aheadMs = 0;
const world: World = {
  ...realWorld,
  clock: { ...realWorld.clock, now: () => realWorld.clock.now() + aheadMs },
};

let local: LocalHub;
beforeAll(async () => {
  const values = { join_rate: "10000000", control_rate: "10000000" };
  local = await startLocalHub({ world, values, capabilities: [identity, access] });
});
afterAll(() => local.stop());
beforeEach(() => setMode(AccessMode.APPROVAL));

const admin = () => local.hub.calls.as(AccessService, personCaller(home, Role.ADMIN));
const identities = () => local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
const requestId = () => randomUUID();

async function setMode(mode: AccessMode) {
  await admin().setAccessMode({ requestId: requestId(), mode, reason: "a test" });
}

async function token(name = ""): Promise<string> {
  const { secret } = await identities().createToken({ requestId: requestId(), name });
  return secret;
}

/** Somebody who asks again and again with the very same request. */
async function newcomer({ secret = "", name = "", address = "192.0.2.1" } = {}) {
  const who = await newJoiner();
  const request = { ...enrollRequest(who, secret, name), requestId: requestId() };
  const whole = secret === "" ? { ...request, tenant: "main" } : request;
  const client = local.hub.calls.as(IdentityService, stranger("joiner", address));
  const fingerprint = fingerprintOf(who.identity.publicKey);
  return { who, fingerprint, whole, client, asks: () => client.enroll(whole) };
}

async function refused(act: Promise<unknown>): Promise<string> {
  return await act.then(
    () => "let in",
    (error: unknown) => (error instanceof Fault ? reasonName(error.reason) : String(error)),
  );
}

async function wishOf(fingerprint: string) {
  const { joinRequests } = await admin().listJoinRequests({ page: { size: 1_000 } });
  const found = joinRequests.find((one) => one.fingerprint === fingerprint);
  if (found === undefined) throw new Error(`${fingerprint} is not in the queue`);
  return found;
}

async function identityOf(nodeId: string) {
  const [found] = (await identities().listIdentities({ nodeIds: [nodeId] })).identities;
  return found;
}

async function approve(fingerprint: string, role = Role.UNSPECIFIED) {
  const { id: joinRequestId } = await wishOf(fingerprint);
  const wish = { requestId: requestId(), joinRequestId, fingerprint, role };
  return await admin().approveJoin(wish);
}

test("an open door makes an observer whom nobody vouches for", async () => {
  await setMode(AccessMode.OPEN);
  const { nodeId } = admissionIn(await (await newcomer({ name: "open-1" })).asks());
  expect(await identityOf(nodeId)).toMatchObject({
    name: "open-1",
    role: Role.OBSERVER,
    vouched: false,
  });
});

test("in mode approval one waits, is told for whom, and joins once approved", async () => {
  const one = await newcomer({ name: "patient" });
  const { admission, waiting, retryMs } = await one.asks();
  expect(admission).toBeUndefined();
  expect(retryMs).toBe(5_000n);
  expect(waiting).toMatchObject({
    waitingFor: "an admin's approval",
    command: `foedus access approve ${one.fingerprint}`,
  });
  await one.asks();
  expect((await admin().getAccess({})).waiting).toBe(1);
  const { joinRequest } = await approve(one.fingerprint, Role.MEMBER);
  expect(joinRequest).toMatchObject({
    state: JoinRequestState.APPROVED,
    decidedBy: "person/p-admin",
  });
  const { nodeId, name } = admissionIn(await one.asks());
  expect(name).toBe("patient");
  expect(await identityOf(nodeId)).toMatchObject({ role: Role.MEMBER, vouched: true });
  expect(admissionIn(await one.asks()).nodeId).toBe(nodeId);
  await until(async () => {
    expect(await wishOf(one.fingerprint)).toMatchObject({ state: JoinRequestState.JOINED, nodeId });
  });
});

test("an approval admits one request of its key, however many are made", async () => {
  const one = await newcomer();
  await one.asks();
  await approve(one.fingerprint);
  const asks = Array.from({ length: 10 }, () => {
    return refused(one.client.enroll({ ...one.whole, requestId: requestId() }));
  });
  const fates = await Promise.all(asks);
  expect(fates.toSorted()).toEqual([...Array<string>(9).fill("KEY_JOINED"), "let in"].toSorted());
});

test("the name that was approved is the one it gets", async () => {
  const one = await newcomer({ name: "harmless" });
  await one.asks();
  await approve(one.fingerprint);
  const other = { ...one.whole, name: "payments", requestId: requestId() };
  expect(admissionIn(await one.client.enroll(other)).name).toBe("harmless");
});

test("an admin who compared another fingerprint approves nobody", async () => {
  const [one, other] = [await newcomer(), await newcomer()];
  await one.asks();
  const { id: joinRequestId } = await wishOf(one.fingerprint);
  const wish = { requestId: requestId(), joinRequestId, fingerprint: other.fingerprint };
  expect(await refused(admin().approveJoin(wish))).toBe("FINGERPRINT_MISMATCH");
  expect((await one.asks()).waiting).toBeDefined();
});

test("who is denied hears why, also in an open door, until a token says otherwise", async () => {
  const one = await newcomer();
  await one.asks();
  const { id: joinRequestId } = await wishOf(one.fingerprint);
  const deny = () =>
    admin().denyJoin({ requestId: requestId(), joinRequestId, reason: "not ours", block: false });
  await deny();
  await expect(one.asks()).rejects.toThrow("not ours");
  expect(await refused(deny())).toBe("JOIN_DECIDED");
  expect(await refused(approve(one.fingerprint))).toBe("JOIN_DECIDED");
  await setMode(AccessMode.OPEN);
  expect(await refused(one.asks())).toBe("JOIN_DENIED");
  const secret = await token();
  const again = enrollRequest(one.who, secret);
  expect(await refused(one.client.enroll({ ...again, requestId: requestId() }))).toBe("let in");
});

test("denying with a block refuses the key even with a token", async () => {
  const one = await newcomer();
  await one.asks();
  const { id: joinRequestId } = await wishOf(one.fingerprint);
  const wish = { requestId: requestId(), joinRequestId, reason: "spam", block: true };
  await admin().denyJoin(wish);
  const again = { ...enrollRequest(one.who, await token()), requestId: requestId() };
  expect(await refused(one.client.enroll(again))).toBe("JOIN_BLOCKED");
});

test("an approval that is taken back before its joiner came admits nobody", async () => {
  const one = await newcomer();
  await one.asks();
  const { joinRequest } = await approve(one.fingerprint);
  const joinRequestId = joinRequest?.id ?? "";
  await admin().denyJoin({ requestId: requestId(), joinRequestId, reason: "a slip" });
  expect(await refused(one.asks())).toBe("JOIN_DENIED");
});

test("mode invite takes a token and a name, which the token or the list knows", async () => {
  await setMode(AccessMode.INVITE);
  const fate = async (wish: Parameters<typeof newcomer>[0]) =>
    refused((await newcomer(wish)).asks());
  expect(await fate({ name: "guest" })).toBe("TOKEN_REQUIRED");
  expect(await fate({ secret: await token(), name: "guest" })).toBe("JOIN_NOT_INVITED");
  expect(await fate({ secret: await token("bound") })).toBe("let in");
  await addRule(RuleKind.ALLOW, { name: "guest*" });
  expect(await fate({ secret: await token(), name: "guest-1" })).toBe("let in");
  expect(await fate({ name: "guest-2" })).toBe("TOKEN_REQUIRED");
});

async function addRule(kind: RuleKind, who: { name?: string; fingerprint?: string }) {
  const rule = { kind, ...who, reason: "a test" };
  const answer = await admin().addRule({ requestId: requestId(), rule });
  return answer.rule?.id ?? "";
}

test("blocking wins over allowing, in every mode, and ends with its rule", async () => {
  await addRule(RuleKind.ALLOW, { name: "mallory" });
  const ruleId = await addRule(RuleKind.BLOCK, { name: "mal*" });
  expect(await addRule(RuleKind.BLOCK, { name: "mal*" })).toBe(ruleId);
  for (const mode of [AccessMode.OPEN, AccessMode.APPROVAL, AccessMode.INVITE]) {
    await setMode(mode);
    const secret = await token("mallory");
    expect(await refused((await newcomer({ secret })).asks())).toBe("JOIN_BLOCKED");
    expect(await refused((await newcomer({ name: "mallory" })).asks())).toBe("JOIN_BLOCKED");
  }
  await admin().removeRule({ requestId: requestId(), ruleId });
  expect(await refused((await newcomer({ secret: await token("mallory") })).asks())).toBe("let in");
});

test("a rule names a name or a key, and a list is emptied at once", async () => {
  const both = { name: "a", fingerprint: fingerprintOf(new Uint8Array(32)) };
  for (const who of [both, {}]) {
    expect(await refused(addRule(RuleKind.BLOCK, who))).toBe("INVALID_REQUEST");
  }
  const reset = { requestId: requestId(), kind: RuleKind.ALLOW, reason: "a test" };
  const { allowed } = await admin().getAccess({});
  expect(await admin().resetRules(reset)).toMatchObject({ removed: allowed });
  expect((await admin().getAccess({})).allowed).toBe(0);
});

test("the lists take a thousand rules, and not one more", async () => {
  const { rules } = await admin().listRules({ page: { size: 1_000 } });
  await local.hub.storage.tenant(home, async (tx) => {
    for (let at = rules.length; at < rulesMax; at += 1) {
      const wish = { kind: RuleKind.ALLOW, name: `full-${at}`, reason: "a test" };
      await addRuleWithin(tx, create(AccessRuleSchema, wish), "a test");
    }
  });
  expect(await refused(addRule(RuleKind.ALLOW, { name: "too-many" }))).toBe("LIMIT_EXCEEDED");
  const reset = { requestId: requestId(), kind: RuleKind.ALLOW, reason: "a test" };
  await admin().resetRules(reset);
});

test("a wish lapses after a day, and its key hears so", async () => {
  const one = await newcomer();
  await one.asks();
  aheadMs += requestMs;
  expect(await refused(one.asks())).toBe("JOIN_EXPIRED");
  expect(await refused(approve(one.fingerprint))).toBe("JOIN_DECIDED");
  await expireRequests(local.hub.storage);
  expect((await wishOf(one.fingerprint)).state).toBe(JoinRequestState.EXPIRED);
  expect((await admin().getAccess({})).waiting).toBe(0);
});

/** Asks as identity does: a thousand certificate requests would prove nothing more. */
async function judged(address: string): Promise<string> {
  const identityKey = realWorld.random.bytes(32);
  const inside = local.hub.calls.as(AccessService, insideCaller("identity", home));
  return refused(inside.judgeJoin({ requestId: requestId(), identityKey, address }));
}

test("twenty of an address wait, a thousand of a tenant, and nobody above", async () => {
  const { waiting } = await admin().getAccess({});
  const crowd = Array.from({ length: waitingOfAddressMax + 5 }, () => judged("203.0.113.1"));
  const fates = await Promise.all(crowd);
  expect(fates.filter((fate) => fate === "let in")).toHaveLength(waitingOfAddressMax);
  expect(fates.filter((fate) => fate === "JOIN_QUEUE_FULL")).toHaveLength(5);
  await local.hub.storage.tenant(home, async (tx) => {
    for (let at = waiting + waitingOfAddressMax; at < waitingMax; at += 1) {
      const identityKey = realWorld.random.bytes(32);
      const address = `198.51.100.${Math.floor(at / waitingOfAddressMax)}`;
      await noteWish(tx, {
        name: "",
        identityKey,
        fingerprint: fingerprintOf(identityKey),
        address,
      });
    }
  });
  expect((await admin().getAccess({})).waiting).toBe(waitingMax);
  const late = await newcomer({ address: "203.0.113.9" });
  expect(await refused(late.asks())).toBe("JOIN_QUEUE_FULL");
});

test("a tenant that nobody made admits nobody, and a forged key pays", async () => {
  const one = await newcomer({ address: "192.0.2.77" });
  const fate = (change: object) =>
    refused(one.client.enroll({ ...one.whole, ...change, requestId: requestId() }));
  expect(await fate({ tenant: "" })).toBe("TOKEN_REQUIRED");
  expect(await fate({ tenant: "hub" })).toBe("NOT_FOUND");
  expect(await fate({ tenant: "nobodys" })).toBe("NOT_FOUND");
  const forged = new Uint8Array(64);
  const fates = [];
  for (let at = 0; at < 5; at += 1) fates.push(await fate({ identityProof: forged }));
  expect(fates[0]).toBe("IDENTITY_PROOF_INVALID");
  expect(fates.at(-1)).toBe("RATE_LIMITED");
});
