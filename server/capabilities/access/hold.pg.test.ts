// Whoever waits lets the hub keep the answer back, and hears of a decision at once.
import { randomUUID } from "node:crypto";
import { AccessMode, RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { holdMs as holdOfSdk } from "../../../clients/sdk/membership/ask.ts";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { admissionIn, enrollRequest, newJoiner } from "../../../tests/support/joiner.ts";
import { configDefaults } from "../../runtime/config/defaults.ts";
import { identity } from "../identity/index.ts";
import { access } from "./index.ts";
import { waitingOfAddressMax } from "./request.ts";

const holdMs = 20_000n;
/** Half of what it may be kept back: who is answered sooner was answered by the decision. */
const soonMs = Number(holdMs) / 2;

let local: LocalHub;
beforeAll(async () => {
  const values = { join_rate: "10000000", control_rate: "10000000" };
  local = await startLocalHub({ values, capabilities: [identity, access] });
});
afterAll(() => local.stop());
beforeEach(() => setMode(AccessMode.APPROVAL));

const admin = () => local.hub.calls.as(AccessService, personCaller(home, Role.ADMIN));
const requestId = () => randomUUID();

async function setMode(mode: AccessMode) {
  await admin().setAccessMode({ requestId: requestId(), mode, reason: "a test" });
}

async function newcomer(address = "192.0.2.1", name = "") {
  const who = await newJoiner();
  const whole = { ...enrollRequest(who, "", name), requestId: requestId(), tenant: "main" };
  const client = local.hub.calls.as(IdentityService, stranger("joiner", address));
  const fingerprint = fingerprintOf(who.identity.publicKey);
  return { fingerprint, asks: (heldMs = 0n) => client.enroll({ ...whole, holdMs: heldMs }) };
}

async function idOf(fingerprint: string): Promise<string> {
  const { joinRequests } = await admin().listJoinRequests({ page: { size: 1_000 } });
  const found = joinRequests.find((one) => one.fingerprint === fingerprint);
  if (found === undefined) throw new Error(`${fingerprint} is not in the queue`);
  return found.id;
}

async function approve(fingerprint: string): Promise<void> {
  const joinRequestId = await idOf(fingerprint);
  await admin().approveJoin({ requestId: requestId(), joinRequestId, fingerprint });
}

/** How long after the act an answer came, and the answer or the reason. */
async function answeredAfter<T>(answer: Promise<T>, act: () => Promise<unknown>) {
  const worded = answer.catch((thrown: unknown) => {
    if (thrown instanceof Fault) return reasonName(thrown.reason);
    throw thrown;
  });
  await act();
  const startMs = performance.now();
  return { answer: await worded, tookMs: performance.now() - startMs };
}

test("an approval is heard at once by whoever lets the answer be kept back", async () => {
  const one = await newcomer();
  await one.asks();
  const { answer, tookMs } = await answeredAfter(one.asks(holdMs), () => approve(one.fingerprint));
  if (typeof answer === "string") throw new Error(answer);
  expect(admissionIn(answer).nodeId).not.toBe("");
  expect(tookMs).toBeLessThan(soonMs);
});

test("so is a denial, and so are an open door and a rule that keeps one out", async () => {
  const denied = await newcomer();
  await denied.asks();
  const joinRequestId = await idOf(denied.fingerprint);
  const deny = () => admin().denyJoin({ requestId: requestId(), joinRequestId, reason: "no" });
  expect(await answeredAfter(denied.asks(holdMs), deny)).toMatchObject({ answer: "JOIN_DENIED" });

  const blocked = await newcomer("192.0.2.2", "mallory");
  await blocked.asks();
  const rule = { kind: RuleKind.BLOCK, name: "mallory", reason: "a test" };
  const block = () => admin().addRule({ requestId: requestId(), rule });
  const byRule = await answeredAfter(blocked.asks(holdMs), block);
  expect(byRule.answer).toBe("JOIN_BLOCKED");
  expect(byRule.tookMs).toBeLessThan(soonMs);

  const open = await newcomer("192.0.2.3");
  await open.asks();
  const byMode = await answeredAfter(open.asks(holdMs), () => setMode(AccessMode.OPEN));
  expect(byMode.answer).toMatchObject({ admission: { tenant: "main" } });
  expect(byMode.tookMs).toBeLessThan(soonMs);
});

test("without a decision the answer comes when it may be kept back no longer", async () => {
  const one = await newcomer();
  const startMs = performance.now();
  const { waiting, retryMs } = await one.asks(300n);
  expect(waiting).toBeDefined();
  expect(retryMs).toBe(250n);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(299);
});

test("a try that may take longer is the same request", async () => {
  const one = await newcomer();
  await one.asks();
  await approve(one.fingerprint);
  const { nodeId } = admissionIn(await one.asks(holdMs));
  expect(admissionIn(await one.asks()).nodeId).toBe(nodeId);
  expect(admissionIn(await one.asks(1n)).nodeId).toBe(nodeId);
});

test("of a hundred who come from one address twenty wait, and all of them are let in", async () => {
  const crowd = await Promise.all(Array.from({ length: 100 }, () => newcomer("198.51.100.7")));
  const held = crowd.map(async (one) => {
    const fate = one.asks(holdMs);
    return await fate.then(
      ({ admission }) => (admission === undefined ? "waits" : "let in"),
      (thrown: unknown) => (thrown instanceof Fault ? reasonName(thrown.reason) : String(thrown)),
    );
  });
  const isWaiting = async () => (await admin().getAccess({})).waiting >= waitingOfAddressMax;
  while (!(await isWaiting()));
  const startMs = performance.now();
  await setMode(AccessMode.OPEN);
  const fates = await Promise.all(held);
  expect(performance.now() - startMs).toBeLessThan(soonMs);
  const letIn = fates.filter((fate) => fate === "let in").length;
  expect(letIn).toBeGreaterThanOrEqual(waitingOfAddressMax);
  expect(fates.filter((fate) => fate === "JOIN_QUEUE_FULL")).toHaveLength(crowd.length - letIn);
});

test("twenty who wait behind one address ask less than it may ask in a minute", () => {
  const asksPerMinute = (waitingOfAddressMax * 60_000) / Number(holdOfSdk);
  expect(asksPerMinute).toBeLessThan(Number(configDefaults.join_rate));
});

test("a hub that stops keeps nobody waiting", async () => {
  const one = await newcomer();
  await one.asks();
  const held = one.asks(holdMs).then(
    () => "answered",
    () => "answered",
  );
  const startMs = performance.now();
  await local.stop();
  await held;
  expect(performance.now() - startMs).toBeLessThan(soonMs);
});
