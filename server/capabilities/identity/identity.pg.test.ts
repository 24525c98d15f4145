import { X509Certificate } from "node:crypto";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { parseInvitation, parseToken } from "@foedus/kernel/invitation.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  admissionIn,
  enrollRequest,
  newJoiner,
  newRequestId,
  reenterRequest,
  renewRequest,
} from "../../../tests/support/joiner.ts";
import { elsewhere, home, nodeCaller, personCaller } from "../../../tests/access/callers.ts";

type Identities = Client<typeof IdentityService>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let aheadMs = 0;
let local: LocalHub;
let admin: Identities;
let joiner: Identities;

beforeAll(async () => {
  const clock = { ...realWorld.clock, now: () => realWorld.clock.now() + aheadMs };
  const world = { ...realWorld, clock };
  local = await startLocalHub({ world, values: { join_rate: "100000", control_rate: "100000" } });
  admin = as(personCaller(home, Role.ADMIN));
  joiner = as(stranger("joiner", "192.0.2.1"));
});
afterAll(() => local.stop());

function as(caller: Parameters<LocalHub["hub"]["calls"]["as"]>[1]): Identities {
  return local.hub.calls.as(IdentityService, caller);
}

async function newToken(wish: { name?: string; role?: Role } = {}): Promise<string> {
  const { secret } = await admin.createToken({ requestId: newRequestId(), ...wish });
  return secret;
}

async function enrolled(wish: { name?: string; role?: Role } = {}) {
  const who = await newJoiner();
  const answer = await joiner.enroll(enrollRequest(who, await newToken(wish)));
  return { who, admission: admissionIn(answer) };
}

async function refused(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Fault ? reasonName(error.reason) : String(error);
}

test("a token admits a node: its name, role and tenant, and a certificate of its own", async () => {
  const made = await admin.createToken({
    requestId: newRequestId(),
    name: "shop",
    role: Role.OBSERVER,
  });
  expect(parseInvitation(made.invitation)).toMatchObject({ tenant: "main", host: "127.0.0.1" });
  expect(parseToken(made.secret)?.caHash).toBe(parseInvitation(made.invitation)?.caHash);
  const who = await newJoiner();
  const { admission } = await joiner.enroll(enrollRequest(who, made.secret));
  const { nodeId = "", spiffeId = "", certificate } = admission ?? {};
  expect(admission).toMatchObject({ name: "shop", tenant: "main" });
  expect(spiffeId).toBe(`spiffe://foedus.local/tenant/main/node/${nodeId}`);
  expect(admission?.nodeAddress).toBe(local.running.status().nodeAddress);
  const leaf = new X509Certificate(certificate?.chain[0] ?? new Uint8Array());
  expect(leaf.subjectAltName).toBe(`URI:${spiffeId}`);
  expect(leaf.serialNumber).toBe(certificate?.serial);
  const { identities } = await admin.listIdentities({ nodeIds: [nodeId] });
  expect(identities).toMatchObject([{ name: "shop", role: Role.OBSERVER, spiffeId }]);
  const { tokens } = await admin.listTokens({});
  expect(tokens[0]).toMatchObject({ nodeId, cancelled: false });
});

test("a joiner that lost the answer asks again and gets the same certificate", async () => {
  const request = enrollRequest(await newJoiner(), await newToken());
  const first = admissionIn(await joiner.enroll(request));
  const elsewhere = as(stranger("joiner", "192.0.2.77"));
  const again = admissionIn(await elsewhere.enroll(request));
  expect(again.nodeId).toBe(first.nodeId);
  expect(again.certificate?.chain).toEqual(first.certificate?.chain);
  expect(await refused(joiner.enroll({ ...request, name: "other" }))).toBe("TOKEN_USED");
});

test("time passes for a kept answer as well", async () => {
  const request = enrollRequest(await newJoiner(), await newToken());
  const first = admissionIn(await joiner.enroll(request));
  aheadMs += 10 * minuteMs;
  const again = admissionIn(await joiner.enroll(request));
  const spentMs = (first.certificate?.lifetimeMs ?? 0n) - (again.certificate?.lifetimeMs ?? 0n);
  expect(Number(spentMs)).toBeGreaterThanOrEqual(10 * minuteMs);
});

test("an ended token says how it ended", async () => {
  const who = await newJoiner();
  const used = await newToken();
  await joiner.enroll(enrollRequest(who, used));
  expect(await refused(joiner.enroll(enrollRequest(who, used)))).toBe("TOKEN_USED");

  const cancelled = await newToken();
  const tokenId = parseToken(cancelled)?.id ?? "";
  await admin.cancelToken({ requestId: newRequestId(), tokenId });
  expect(await refused(joiner.enroll(enrollRequest(who, cancelled)))).toBe("TOKEN_CANCELLED");

  const expired = await newToken();
  aheadMs += 15 * minuteMs + 1;
  expect(await refused(joiner.enroll(enrollRequest(who, expired)))).toBe("TOKEN_EXPIRED");
  expect(await refused(joiner.enroll(enrollRequest(who, "")))).toBe("TOKEN_REQUIRED");
  const usedId = parseToken(used)?.id ?? "";
  const cancelUsed = admin.cancelToken({ requestId: newRequestId(), tokenId: usedId });
  expect(await refused(cancelUsed)).toBe("TOKEN_USED");
});

test("a wrong secret and an unknown token look the same, and five a minute do", async () => {
  const guesser = as(stranger("joiner", "192.0.2.66"));
  const who = await newJoiner();
  const token = await newToken();
  const [id = "", secret = "", hash = ""] = token.split(".");
  const wrong = [
    `${id}.${"A".repeat(43)}.${hash}`,
    `fjt_${"0".repeat(26)}.${secret}.${hash}`,
    "not a token",
  ];
  const seen = [];
  for (const text of [...wrong, ...wrong]) {
    seen.push(await refused(guesser.enroll(enrollRequest(who, text))));
  }
  expect(seen).toEqual([...Array<string>(5).fill("TOKEN_INVALID"), "RATE_LIMITED"]);
  expect(await refused(guesser.enroll(enrollRequest(who, token)))).toBe("RATE_LIMITED");
  expect(admissionIn(await joiner.enroll(enrollRequest(who, token))).nodeId).toMatch(/^node_/);
});

test("a hundred wrong tokens at once get no more answers than five", async () => {
  const guesser = as(stranger("joiner", "192.0.2.67"));
  const who = await newJoiner();
  const hash = "A".repeat(22);
  const guesses = Array.from({ length: 100 }, (_, at) =>
    refused(
      guesser.enroll(
        enrollRequest(who, `fjt_${String(at).padStart(26, "0")}.${"A".repeat(43)}.${hash}`),
      ),
    ),
  );
  const answers = await Promise.all(guesses);
  expect(answers.filter((answer) => answer === "TOKEN_INVALID")).toHaveLength(5);
  expect(answers.filter((answer) => answer === "RATE_LIMITED")).toHaveLength(95);
});

test("a token for a name admits that name only, and a name belongs to one node", async () => {
  const bound = await newToken({ name: "ledger" });
  const who = await newJoiner();
  expect(await refused(joiner.enroll(enrollRequest(who, bound, "other")))).toBe("NAME_NOT_ALLOWED");
  await joiner.enroll(enrollRequest(who, bound, "ledger"));
  expect(await refused(newToken({ name: "ledger" }))).toBe("NAME_TAKEN");
  const free = await newToken();
  expect(await refused(joiner.enroll(enrollRequest(who, free, "ledger")))).toBe("NAME_TAKEN");
  const { name, nodeId } = admissionIn(await joiner.enroll(enrollRequest(who, free)));
  expect(name).toBe(`node-${nodeId.slice(-8)}`);
});

test("what is refused after the token was redeemed leaves it unused", async () => {
  const who = await newJoiner();
  const token = await newToken();
  const whole = enrollRequest(who, token);
  const forged = { ...whole, identityProof: new Uint8Array(64) };
  expect(await refused(joiner.enroll(forged))).toBe("IDENTITY_PROOF_INVALID");
  const cut = enrollRequest({ ...who, csr: who.csr.slice(0, -1) }, token);
  expect(await refused(joiner.enroll(cut))).toBe("CSR_INVALID");
  const otherToken = { ...enrollRequest(who, await newToken()), token };
  expect(await refused(joiner.enroll(otherToken))).toBe("IDENTITY_PROOF_INVALID");
  expect(admissionIn(await joiner.enroll(whole)).nodeId).toMatch(/^node_/);
});

test("a repeated token request does not show the secret again", async () => {
  const request = { requestId: newRequestId() };
  await admin.createToken(request);
  expect(await refused(admin.createToken(request))).toBe("ALREADY_ISSUED");
  expect(await refused(admin.createToken({ ...request, name: "x" }))).toBe("REQUEST_ID_REUSED");
});

test("a node asleep for three hours comes back by its identity key", async () => {
  const { who, admission } = await enrolled();
  aheadMs += 3 * hourMs;
  const { nonce } = await joiner.getChallenge({});
  const again = await newJoiner(who.identity);
  const request = reenterRequest(again, admission, nonce);
  const back = admissionIn(await joiner.reenter(request));
  expect(back).toMatchObject({ nodeId: admission.nodeId, name: admission.name });
  expect(back.certificate?.serial).not.toBe(admission.certificate?.serial);
  expect(Number(back.certificate?.lifetimeMs)).toBeGreaterThan(59 * minuteMs);
  const repeated = admissionIn(await joiner.reenter(request));
  expect(repeated.certificate?.serial).toBe(back.certificate?.serial);
});

test("a revoked node does not come back, nor one that was away for too long", async () => {
  const { who, admission } = await enrolled();
  const gone = await enrolled();
  const reason = "stolen laptop";
  await admin.revokeNode({ requestId: newRequestId(), node: admission.nodeId, reason });
  const { nonce } = await joiner.getChallenge({});
  const revoked = joiner.reenter(reenterRequest(who, admission, nonce));
  expect(await refused(revoked)).toBe("NODE_REVOKED");
  aheadMs += 30 * dayMs + 2 * hourMs;
  const { nonce: later } = await joiner.getChallenge({});
  const late = joiner.reenter(reenterRequest(gone.who, gone.admission, later));
  expect(await refused(late)).toBe("REENTRY_EXPIRED");
});

test("re-entry needs the identity key, and a nonce of this hub and this minute", async () => {
  const { who, admission } = await enrolled();
  const { nonce } = await joiner.getChallenge({});
  const thief = { ...who, identity: newSigningKey() };
  const guesser = as(stranger("joiner", "192.0.2.68"));
  const forged = guesser.reenter(reenterRequest(thief, admission, nonce));
  expect(await refused(forged)).toBe("IDENTITY_PROOF_INVALID");
  const nobody = { ...admission, nodeId: "node_00000000000000000000000000" };
  const unknown = guesser.reenter(reenterRequest(who, nobody, nonce));
  expect(await refused(unknown)).toBe("IDENTITY_PROOF_INVALID");
  const foreign = Uint8Array.from(nonce, (byte, at) => (at === 30 ? byte ^ 1 : byte));
  const wrongNonce = joiner.reenter(reenterRequest(who, admission, foreign));
  expect(await refused(wrongNonce)).toBe("CHALLENGE_EXPIRED");
  aheadMs += minuteMs + 1;
  const old = joiner.reenter(reenterRequest(who, admission, nonce));
  expect(await refused(old)).toBe("CHALLENGE_EXPIRED");
});

test("renewal takes the identity key as well as the TLS key, and repeats its answer", async () => {
  const { who, admission } = await enrolled();
  const node = as(nodeCaller(home, admission.nodeId, Role.MEMBER, realWorld.clock.now()));
  const next = await newJoiner(who.identity);
  const request = renewRequest(next);
  const renewed = admissionIn(await node.renew(request));
  expect(renewed.certificate?.serial).not.toBe(admission.certificate?.serial);
  const repeated = admissionIn(await node.renew(request));
  expect(repeated.certificate?.serial).toBe(renewed.certificate?.serial);
  const thief = await newJoiner();
  expect(await refused(node.renew(renewRequest(thief)))).toBe("IDENTITY_PROOF_INVALID");
  await admin.revokeNode({ requestId: newRequestId(), node: admission.name, reason: "test" });
  expect(await refused(node.renew(renewRequest(next)))).toBe("NODE_REVOKED");
});

test("revoking twice is one revocation, and frees the name", async () => {
  const { admission } = await enrolled({ name: "kiosk" });
  const revoke = (reason: string) =>
    admin.revokeNode({ requestId: newRequestId(), node: "kiosk", reason });
  const first = await revoke("lost");
  const second = await revoke("lost again");
  expect(second.identity).toEqual(first.identity);
  expect(first.identity?.revokeReason).toBe("lost");
  const successor = await enrolled({ name: "kiosk" });
  expect(successor.admission.nodeId).not.toBe(admission.nodeId);
  const unknown = admin.revokeNode({ requestId: newRequestId(), node: "nobody", reason: "x" });
  expect(await refused(unknown)).toBe("NOT_FOUND");
});

test("another tenant sees neither tokens nor identities, and cannot revoke them", async () => {
  const { admission } = await enrolled();
  const other = as(personCaller(elsewhere, Role.ADMIN));
  expect((await other.listTokens({})).tokens).toEqual([]);
  expect((await other.listIdentities({})).identities).toEqual([]);
  const node = admission.nodeId;
  const foreign = other.revokeNode({ requestId: newRequestId(), node, reason: "x" });
  expect(await refused(foreign)).toBe("NOT_FOUND");
  const { secret } = await other.createToken({ requestId: newRequestId() });
  const joined = admissionIn(await joiner.enroll(enrollRequest(await newJoiner(), secret)));
  expect(joined.tenant).toBe("elsewhere");
  expect(joined.spiffeId).toContain("/tenant/elsewhere/");
});

test("lists go on page by page", async () => {
  const first = await admin.listTokens({ page: { size: 2 } });
  const second = await admin.listTokens({ page: { size: 2, token: first.nextPageToken } });
  const ids = [...first.tokens, ...second.tokens].map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(new Set(ids).size).toBe(4);
  const page = { size: 1, token: first.nextPageToken };
  expect(await refused(admin.listIdentities({ page }))).toBe("PAGE_TOKEN_INVALID");
  const everybody = await admin.listIdentities({});
  const joinedMs = everybody.identities.map(
    ({ enrollTime }) => enrollTime && timestampMs(enrollTime),
  );
  expect(joinedMs).not.toContain(undefined);
});

test.each([
  ["a member", () => personCaller(home, Role.MEMBER)],
  ["a joiner", () => stranger("joiner", "192.0.2.9")],
  ["a visitor", () => stranger("visitor", "192.0.2.9")],
])("%s makes no token and revokes nobody", async (_who, caller) => {
  const made = as(caller()).createToken({ requestId: newRequestId() });
  const ended = as(caller()).revokeNode({ requestId: newRequestId(), node: "x", reason: "y" });
  for (const call of [made, ended]) {
    expect(["NOT_ALLOWED", "NOT_AUTHENTICATED"]).toContain(await refused(call));
  }
});
