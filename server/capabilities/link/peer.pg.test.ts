// Two hubs of different roots over real TLS: who is let in, as whom, and for how long.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { newRequestId } from "../../../tests/support/joiner.ts";
import type { Flaw } from "../../../tests/support/leaf.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import {
  certificateOf,
  knock,
  operator,
  removes,
  startPeerHub,
  trusts,
} from "../../../tests/support/peers.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";
import { event } from "../event/index.ts";
import { makeIntermediate, makeRoot } from "../identity/authority.ts";
import { identity } from "../identity/index.ts";
import { node } from "../node/index.ts";
import { link } from "./index.ts";

const column = [identity, node, link, event];
const cutMs = 1_000 * slowTimes;
const shortMs = 4_000;

let a: PeerHub;
let b: PeerHub;
let c: PeerHub;
beforeAll(async () => {
  [a, b, c] = await Promise.all([
    startPeerHub("a.test", column),
    startPeerHub("b.test", column),
    startPeerHub("c.test", column),
  ]);
});
afterAll(() => Promise.all([a, b, c].map(({ local }) => local.stop())));
beforeEach(async () => {
  const { peers } = await a.operator().listPeers({});
  for (const { trustDomain } of peers) await removes(a, trustDomain);
});

/** Past authentication and authorization: what is wrong is the batch. */
const letIn = /^key \w+ is not the identity key of a hub of/;

const hubId = (hub: PeerHub) => hub.local.hub.identity.spiffeId;

test("a foreign hub is let in once it is trusted, and not before nor after", async () => {
  const own = await certificateOf(b.authority, hubId(b));
  expect(await knock(a, own)).not.toMatch(letIn);
  const peer = await trusts(a, b);
  expect(peer).toMatchObject({ trustDomain: "b.test", state: PeerState.TRUSTED });
  expect(peer.caHash).toBe(b.authority.caHash);
  expect(peer.bundle?.signingKeys).toEqual([b.local.hub.identity.signingKey.publicKey]);
  expect(await knock(a, own)).toMatch(letIn);
  await removes(a, "b.test");
  const after = await knock(a, own);
  expect(after).not.toMatch(letIn);
  // Its root is forgotten as well: it dies in the handshake.
  expect(after).not.toContain("is no peer");
});

test("each root vouches for its own trust domain, and for nobody else", async () => {
  await trusts(a, b);
  await trusts(a, c);
  const nodeOf = (domain: string) => `spiffe://${domain}/tenant/main/node/node_1`;
  const cases: [string, typeof a.authority, string, string][] = [
    ["a peer that mints our node", b.authority, nodeOf("a.test"), "not vouched for by a.test"],
    ["a peer that mints our hub", b.authority, hubId(a), "not vouched for by a.test"],
    ["a peer that mints another peer's hub", c.authority, hubId(b), "not vouched for by b.test"],
    ["our own root that mints a peer's hub", a.authority, hubId(b), "not vouched for by b.test"],
    ["a node of a peer", b.authority, nodeOf("b.test"), "is no hub"],
    ["something below a peer's hub", b.authority, `${hubId(b)}/x`, "is no hub"],
    ["a domain of nobody", b.authority, "spiffe://d.test/hub/h", "d.test is no peer"],
    ["our root for a domain of nobody", a.authority, "spiffe://d.test/hub/h", "is no peer"],
  ];
  for (const [what, authority, id, why] of cases) {
    expect([what, await knock(a, await certificateOf(authority, id))]).toEqual([
      what,
      expect.stringContaining(why),
    ]);
  }
  expect(await knock(a, await certificateOf(b.authority, hubId(b)))).toMatch(letIn);
});

test("an authority of our own name and of a peer's does not come past the handshake", async () => {
  await trusts(a, b);
  const { clock, random } = realWorld;
  for (const domain of ["a.test", "b.test"]) {
    const root = await makeRoot(domain, clock.now(), random);
    const fake = await makeIntermediate(root, clock.now(), random);
    const told = await knock(a, await certificateOf(fake, `spiffe://${domain}/hub/hub_1`));
    expect(told).not.toMatch(letIn);
    expect(told).not.toContain("vouched");
  }
});

test("what is not quite a peer's certificate is refused", async () => {
  await trusts(a, b);
  const nowMs = realWorld.clock.now();
  const twice = [hubId(b), hubId(b)].map((value) => ({ type: "url" as const, value }));
  const flaws: Record<string, Flaw> = {
    "a second over": { toMs: nowMs - 1_000 },
    "not yet": { fromMs: nowMs + 60_000 },
    "a signer": { ca: true },
    "for servers only": { usages: ["1.3.6.1.5.5.7.3.1"] },
    "no name": { names: [] },
    "two names": { names: twice },
  };
  const letInAs: string[] = [];
  for (const [what, flaw] of Object.entries(flaws)) {
    const told = await knock(a, await certificateOf(b.authority, hubId(b), flaw));
    if (letIn.test(told)) letInAs.push(what);
  }
  expect(letInAs).toEqual([]);
});

test("a peer may call what is for hubs, and nothing else", async () => {
  await trusts(a, b);
  const material = { ...(await certificateOf(b.authority, hubId(b))), roots: a.roots };
  const client = createClient(NodeService, transportWith(`https://${a.nodeAddress}`, material));
  const refused = await client.listNodes({}).catch(ConnectError.from);
  expect(refused).toMatchObject({ code: Code.PermissionDenied });
});

test("a connection outlives neither its certificate nor the trust in its hub", async () => {
  await trusts(a, b);
  const toMs = realWorld.clock.now() + shortMs;
  const open = async (flaw: object) => {
    const material = { ...(await certificateOf(b.authority, hubId(b), flaw)), roots: a.roots };
    const to = transportWith(`https://${a.nodeAddress}`, material, "connect");
    const client = createClient(EventService, to);
    const batch = { events: [Uint8Array.of(1)], keyId: new Uint8Array(8) };
    return async () => {
      const request = { batch: { ...batch, signature: new Uint8Array(64) } };
      return await client.publishForeign(request).catch((error: unknown) => String(error));
    };
  };
  const call = await open({ toMs });
  expect(await call()).toContain("is not the identity key of a hub of");
  await until(async () => expect(await call()).toContain("ended at"));
  const lasting = await open({});
  expect(await lasting()).toContain("is not the identity key of a hub of");
  const live = () => a.local.hub.sessions.of(hubId(b));
  expect(live()).toBeGreaterThan(0);
  const beganMs = realWorld.clock.monotonic();
  await removes(a, "b.test");
  await vi.waitFor(() => expect(live()).toBe(0), { timeout: cutMs, interval: 5 });
  expect(realWorld.clock.monotonic() - beganMs).toBeLessThan(cutMs);
  expect(await lasting()).not.toContain("identity key");
});

test("a peer that was trusted is trusted after a restart", async () => {
  const again = await startPeerHub("e.test", column);
  await trusts(again, b);
  await again.local.stop({ keep: true });
  const back = await startPeerHub("e.test", column, again.local);
  expect(await knock(back, await certificateOf(b.authority, hubId(b)))).toMatch(letIn);
  await back.local.stop();
});

test("only an operator trusts, and only what was compared", async () => {
  const requestId = newRequestId();
  const admin = a.local.hub.calls.as(LinkService, personCaller(home, Role.ADMIN));
  const asked = admin.addPeer({ requestId, invitation: b.invitation });
  await expect(asked).rejects.toMatchObject({ reason: Reason.NOT_ALLOWED });
  const parts = parseInvitation(b.invitation);
  if (parts === undefined) throw new Error("the hub's invitation is none");
  const { caHash } = a.authority;
  const add = (invitation: string, more: object = {}) =>
    a.operator().addPeer({ requestId: newRequestId(), invitation, ...more });
  const cases: [() => Promise<unknown>, Reason, string][] = [
    [() => add(a.invitation), Reason.PEER_BUNDLE_REFUSED, "own domain"],
    [
      () => add(formatInvitation({ ...parts, caHash })),
      Reason.PEER_BUNDLE_REFUSED,
      "root we trust",
    ],
    [() => add(formatInvitation({ ...parts, port: 1 })), Reason.PEER_UNREACHABLE, "127.0.0.1:1"],
    [() => add("b.test:7444"), Reason.INVITATION_INVALID, "b.test"],
    [() => add(b.invitation, { nodeAddress: "b.test" }), Reason.INVALID_REQUEST, "host:port"],
    [
      () => add(b.invitation, { toldTypes: ["telemetry_sync"] }),
      Reason.EVENT_TYPE_UNKNOWN,
      "telem",
    ],
  ];
  for (const [answer, reason, word] of cases) {
    await expect(answer()).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(word) as string,
    });
  }
});

test("a domain that is pinned is not pinned otherwise, until it is removed", async () => {
  await trusts(a, b, { take: ["insight_report"] });
  const twin = await startPeerHub("b.test", column);
  await expect(trusts(a, twin)).rejects.toMatchObject({ reason: Reason.PEER_PINNED });
  const changed = await trusts(a, b, { take: ["trust_aggregate"] });
  expect(changed.takenTypes).toEqual(["trust_aggregate"]);
  await removes(a, "b.test");
  expect(await trusts(a, twin)).toMatchObject({ caHash: twin.authority.caHash });
  await twin.local.stop();
});

test("a tenant does not see another one's peers, nor take them over", async () => {
  await trusts(a, b);
  const elsewhere = { ...operator, tenant: a.elsewhere };
  const other = a.local.hub.calls.as(LinkService, elsewhere);
  expect((await other.listPeers({})).peers).toEqual([]);
  const request = { requestId: newRequestId(), trustDomain: "b.test", reason: "a test" };
  await expect(other.removePeer(request)).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  const add = other.addPeer({ requestId: newRequestId(), invitation: b.invitation });
  await expect(add).rejects.toMatchObject({ reason: Reason.PEER_PINNED });
});
