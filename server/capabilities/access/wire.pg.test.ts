// Over real sockets: a quarantine cuts, a release lets return, a role counts at once, and an
// approval is nothing for a page that rebinds its name.
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { localSession } from "../../../tests/support/hub.process.ts";
import {
  admissionIn,
  enrollRequest,
  materialOf,
  newJoiner,
  reenterRequest,
  renewRequest,
} from "../../../tests/support/joiner.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { slowTimes } from "../../../tests/support/until.ts";

const rates = { join_rate: "100000", control_rate: "100000", stream_rate: "100000" };
const streams = 50;
const cutMs = 1_000 * slowTimes;

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: rates });
  await local.running.greeting();
});
afterAll(() => local.stop());

const requestId = () => randomUUID();
const admin = () => local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
const joiner = () => local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));
const address = () => `https://${local.running.status().nodeAddress}`;

async function joined(role = Role.MEMBER) {
  const { secret } = await admin().createToken({ requestId: requestId(), role });
  const who = await newJoiner();
  const wish = { ...enrollRequest(who, secret), requestId: requestId() };
  const admission = admissionIn(await joiner().enroll(wish));
  return { who, admission, material: materialOf(who, admission) };
}

async function fate(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "let in",
    (error: unknown) => ConnectError.from(error).rawMessage,
  );
}

async function quarantine(node: string): Promise<void> {
  await admin().quarantineNode({ requestId: requestId(), node, reason: "a look" });
}

async function release(node: string): Promise<void> {
  await admin().releaseNode({ requestId: requestId(), node, reason: "fine" });
}

test("a quarantine cuts every live stream within a second, and a release lets return", async () => {
  const { who, admission, material } = await joined();
  const before = local.hub.sessions.count();
  const client = createClient(NodeService, transportWith(address(), material));
  const live = Array.from({ length: streams }, () => client.watchNodes({})[Symbol.asyncIterator]());
  await Promise.all(live.map((stream) => stream.next()));
  const ends = Promise.all(live.map(drain));
  await quarantine(admission.nodeId);
  const cut = () => expect(local.hub.sessions.count()).toBe(before);
  await vi.waitFor(cut, { timeout: cutMs, interval: 5 });
  expect(await ends).not.toContain("ended well");

  const again = createClient(IdentityService, transportWith(address(), material));
  const next = await newJoiner(who.identity);
  const renewal = { ...renewRequest(next), requestId: requestId() };
  expect(await fate(again.listIdentities({}))).toContain("is quarantined");
  expect(await fate(again.renew(renewal))).toContain("is quarantined");
  const { nonce } = await joiner().getChallenge({});
  const reentry = { ...reenterRequest(next, admission, nonce), requestId: requestId() };
  expect(await fate(joiner().reenter(reentry))).toContain("is quarantined");

  await release(admission.nodeId);
  const back = createClient(IdentityService, transportWith(address(), material));
  expect(await fate(back.listIdentities({}))).toBe("let in");
  expect(await fate(joiner().reenter({ ...reentry, requestId: requestId() }))).toBe("let in");
});

async function drain(stream: AsyncIterator<unknown>): Promise<string> {
  try {
    while ((await stream.next()).done !== true);
    return "ended well";
  } catch (error) {
    return Code[ConnectError.from(error).code] ?? "unknown";
  }
}

test("another role counts from the next call on, over a connection that stays", async () => {
  const { admission, material } = await joined(Role.OBSERVER);
  const node = admission.nodeId;
  const client = createClient(IdentityService, transportWith(address(), material));
  const issue = () => fate(client.issueAgentToken({ requestId: requestId(), agent: "scout" }));
  expect(await issue()).toContain("with role member");
  await admin().setNodeRole({ requestId: requestId(), node, role: Role.MEMBER });
  expect(await issue()).toBe("let in");
  await admin().setNodeRole({ requestId: requestId(), node, role: Role.OBSERVER });
  expect(await issue()).toContain("with role member");
});

/** Somebody's browser, with the admin's cookie, calling as the given page. */
async function approveFrom(headers: Record<string, string>, body: object): Promise<string> {
  const web = new URL(local.running.status().webAddress);
  const path = "/foedus.access.v1.AccessService/ApproveJoin";
  const cookie = `foedus_session=${localSession(local.data)}`;
  const whole = { host: web.host, "content-type": "application/json", cookie, ...headers };
  const options = { method: "POST", host: web.hostname, port: web.port, path, headers: whole };
  const asked = request(options);
  asked.end(JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [NodeJS.ReadableStream];
  return await text(answer);
}

test("a page that rebinds its name approves nobody with the admin's own cookie", async () => {
  const who = await newJoiner();
  const fingerprint = fingerprintOf(who.identity.publicKey);
  const wish = { ...enrollRequest(who, ""), tenant: "main", requestId: requestId() };
  await joiner().enroll(wish);
  const access = local.hub.calls.as(AccessService, personCaller(home, Role.ADMIN));
  const found = async () => {
    const { joinRequests } = await access.listJoinRequests({});
    return joinRequests.find((one) => one.fingerprint === fingerprint);
  };
  const joinRequestId = (await found())?.id;
  const body = () => ({ requestId: requestId(), joinRequestId, fingerprint });
  const evil = "evil.example.com";
  const rebound: Record<string, string>[] = [
    { host: evil, origin: `http://${evil}` },
    { origin: `http://${evil}` },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of rebound) {
    expect(await approveFrom(headers, body())).toContain("ORIGIN_REFUSED");
  }
  expect((await found())?.state).toBe(JoinRequestState.WAITING);
  expect(await approveFrom({}, body())).toContain("JOIN_REQUEST_STATE_APPROVED");
});
