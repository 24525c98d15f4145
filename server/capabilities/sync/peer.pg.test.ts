import { randomUUID } from "node:crypto";
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { ListedPeer } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { SignedMembership } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { verifyingKey } from "@foedus/kernel/signing.ts";
import { membershipMs, requireMember } from "@foedus/kernel/sync/membership.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, joinNode, personOf, type JoinedNode } from "../../../tests/support/joined.ts";
import { capabilities } from "../../capabilities.ts";
import { service, type Capability } from "../../runtime/capability.ts";
import { peerRpc } from "./peer.rpc.ts";
import { forgetPeers, peerStore } from "./peer.store.ts";
import { peerLeaseMs } from "./peer.ts";

const main = tenantProved("main");
let local: LocalHub;

/** Meeting, and nothing else of sync. */
const meeting: Capability = {
  name: "sync",
  tier: Tier.P1,
  start: (hub) => {
    const store = peerStore(hub.storage);
    const half = peerRpc(hub, store) as ServiceImpl<typeof SyncService>;
    return Promise.resolve({ services: [service(SyncService, half)] });
  },
};

beforeAll(async () => {
  const others = capabilities.filter(({ name }) => name !== "sync");
  const values = { ...freely, zones: "world,eu" };
  local = await startLocalHub({ values, capabilities: [...others, meeting] });
});
afterAll(() => local.stop());

const meet = (node: JoinedNode, address = "") =>
  local.hub.calls.as(SyncService, node.caller).meetPeers({ address });

const owner = () => local.hub.calls.as(IdentityService, personOf(Role.ADMIN));

function memberOf(signed: SignedMembership | undefined, keys: readonly Uint8Array[]) {
  const hubKeys = keys.map(verifyingKey).filter((key) => key !== undefined);
  const nowMs = local.hub.storage.nowMs();
  return requireMember(signed, { hubKeys, tenant: "main", trustDomain: "foedus.local", nowMs });
}

async function grant({ id }: JoinedNode, zones: readonly string[]) {
  await local.hub.storage.tenant(main, async (tx) => {
    await sql`insert into sync_grant (tenant_id, node_id, zones, relays, change_ms)
      values (${main}, ${id}, ${[...zones]}::text[], false, 0)`.execute(tx.sql);
  });
}

test("nodes that listen are told of each other, with the hub's word for who they are", async () => {
  const [one, other] = [await joinNode(local.hub), await joinNode(local.hub)];
  expect((await meet(one, "one.test:7500")).peers).toEqual([]);
  const { membership, peers, hubKeys, lease } = await meet(other);
  expect(Number(lease?.seconds)).toBe(peerLeaseMs / 1_000);
  expect(memberOf(membership, hubKeys)).toMatchObject({
    nodeId: other.id,
    name: other.name,
    zones: ["world", "eu"],
    replicas: [],
  });
  expect(peers.map(({ address }) => address)).toEqual(["one.test:7500"]);
  const member = memberOf(peers[0]?.membership, hubKeys);
  expect(member.nodeId).toBe(one.id);
  expect(member.publicKey).toEqual(new Uint8Array(one.key.publicKey));
  expect(Number(member.expireTime?.seconds) - Number(member.issueTime?.seconds)).toBe(
    membershipMs / 1_000,
  );
  // The other one does not listen, and one that no longer does is told of no more.
  expect((await meet(one)).peers).toEqual([]);
  expect((await meet(other)).peers).toEqual([]);
});

test.each([
  "127.0.0.1:7500",
  "[::1]:7500",
  "[::ffff:127.0.0.1]:7500",
  "localhost:7500",
  "0.0.0.0:1",
])(
  "a node that did not come over the loopback does not send others to %s, and nobody is told",
  async (address) => {
    const [one, other] = [await joinNode(local.hub), await joinNode(local.hub)];
    const refused = { reason: Reason.SYNC_PEER_ADDRESS_REFUSED };
    await expect(meet(one, address)).rejects.toMatchObject(refused);
    // As one that came over the loopback would have left it: nobody else is told.
    await peerStore(local.hub.storage).meet(main, one.id, address);
    const told = (await meet(other)).peers.map((each) => each.address);
    expect(told).not.toContain(address);
  },
);

test("a membership names the keys its node has written with, the newest first", async () => {
  const node = await joinNode(local.hub);
  await local.hub.storage.tenant(main, async (tx) => {
    await sql`insert into sync_writer (tenant_id, replica, owner_id, bind_ms)
      select ${main}, 'r' || n, ${node.id}, n from generate_series(1, 17) n`.execute(tx.sql);
  });
  const { membership, hubKeys } = await meet(node);
  const { replicas } = memberOf(membership, hubKeys);
  expect([replicas.length, replicas[0], replicas.at(-1)]).toEqual([16, "r17", "r2"]);
});

test("who is revoked or quarantined is no peer, and is one again once released", async () => {
  const [asks, gone, kept] = [
    await joinNode(local.hub),
    await joinNode(local.hub),
    await joinNode(local.hub),
  ];
  await meet(gone, "gone.test:1");
  await meet(kept, "kept.test:1");
  const told = async () => (await meet(asks)).peers.map(({ address }) => address).toSorted();
  expect(await told()).toEqual(["gone.test:1", "kept.test:1"]);
  const request = { requestId: randomUUID(), reason: "a test" };
  await owner().quarantineNode({ ...request, node: kept.id });
  await owner().revokeNode({ ...request, requestId: randomUUID(), node: gone.id });
  expect(await told()).toEqual([]);
  await owner().releaseNode({ ...request, requestId: randomUUID(), node: kept.id });
  expect(await told()).toEqual(["kept.test:1"]);
  await meet(kept);
});

test("nodes without a zone in common do not meet, and memberships say no other zone", async () => {
  const [here, there, asks] = [
    await joinNode(local.hub),
    await joinNode(local.hub),
    await joinNode(local.hub),
  ];
  await grant(here, ["world"]);
  await grant(there, ["eu"]);
  await meet(here, "here.test:1");
  await meet(there, "there.test:1");
  expect((await meet(here, "here.test:1")).peers).toEqual([]);
  const { peers, hubKeys } = await meet(asks);
  const zones = peers.map(({ membership }) => memberOf(membership, hubKeys).zones);
  expect(zones).toEqual([["world"], ["eu"]]);
});

test("who does not come again is forgotten when its lease ends", async () => {
  const tenant = main;
  const store = peerStore(local.hub.storage);
  const late = (ms: number) => ({
    ...local.hub.storage,
    tenant: ((of: typeof tenant, work: Parameters<typeof local.hub.storage.tenant>[1]) =>
      local.hub.storage.tenant(of, (tx) =>
        work({ ...tx, nowMs: tx.nowMs + ms }),
      )) as typeof local.hub.storage.tenant,
  });
  const node = await joinNode(local.hub);
  await store.meet(tenant, node.id, "node.test:1");
  const listedAt = async (ms: number) =>
    (await peerStore(late(ms)).meet(tenant, "asks", "")).listed.some(
      ({ nodeId }) => nodeId === node.id,
    );
  expect(await listedAt(peerLeaseMs - 60_000)).toBe(true);
  expect(await listedAt(peerLeaseMs + 1)).toBe(false);
  await forgetPeers({
    sweep: (work) =>
      local.hub.storage.sweep((tx) => work({ ...tx, nowMs: tx.nowMs + peerLeaseMs + 1 })),
  });
  expect(await listedAt(0)).toBe(false);
});

test("where a node listens is a host and a port", async () => {
  const node = await joinNode(local.hub);
  const wrong = ["host", "host:", "a b:1", "user@host:1", "http://host:1", "host:123456"];
  for (const address of wrong) await expect(meet(node, address)).rejects.toThrow("address");
  await meet(node, "[fd00::1]:7500");
  await meet(node);
});

test("people see who listens where and until when, page by page, and whom nobody is told of", async () => {
  const [one, other] = [await joinNode(local.hub), await joinNode(local.hub)];
  await grant(one, ["eu"]);
  await meet(one, "one.test:1");
  await meet(other, "other.test:1");
  await owner().quarantineNode({ requestId: randomUUID(), node: other.id, reason: "a test" });
  const people = local.hub.calls.as(SyncService, personOf(Role.OBSERVER));
  const found = new Map<string, ListedPeer>();
  for (let token = "", first = true; first || token !== ""; first = false) {
    const { peers, nextPageToken } = await people.listPeers({ page: { size: 1, token } });
    for (const peer of peers) found.set(peer.nodeId, peer);
    token = nextPageToken;
  }
  const seen = found.get(one.id);
  expect(seen).toMatchObject({
    node: one.name,
    address: "one.test:1",
    zones: ["eu"],
    told: true,
  });
  const at = (time: Timestamp | undefined) => Number(time?.seconds) * 1_000;
  expect(at(seen?.leaseExpireTime) - at(seen?.meetTime)).toBe(peerLeaseMs);
  expect(at(seen?.membershipExpireTime) - at(seen?.meetTime)).toBe(membershipMs);
  expect(found.get(other.id)).toMatchObject({
    node: other.name,
    zones: ["world", "eu"],
    told: false,
  });
  await meet(one);
  const { peers } = await people.listPeers({});
  expect(peers.map(({ nodeId }) => nodeId)).not.toContain(one.id);
});
