import { randomUUID } from "node:crypto";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { HealthStatus, NodeKind, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  freely,
  joinNode,
  personOf,
  registeredNode,
  strangerNode,
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { slowTimes } from "../../../tests/support/until.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

function owner() {
  return local.hub.calls.as(NodeService, personOf(Role.ADMIN));
}

async function reasonOf(work: Promise<unknown>): Promise<Reason | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
}

function beat(node: JoinedNode, epoch: bigint, sequence: bigint) {
  const sentMs = BigInt(local.hub.storage.nowMs());
  return node.nodes.heartbeat({ epoch, sequence, sentMs, health: HealthStatus.HEALTHY });
}

/** Resolves once the outbox tells a node so that `wanted` says yes. */
async function until(id: string, wanted: NodeState): Promise<void> {
  const ending = new AbortController();
  // From the beginning: a snapshot would leave out who is retired by now.
  const wish = { afterCursor: 0n };
  for await (const { item } of owner().watchNodes(wish, { signal: ending.signal })) {
    const node = item.case === "changed" ? item.value.node : undefined;
    if (node?.id === id && node.state === wanted) return ending.abort();
  }
}

test("a node registers with the name and role of its identity, once a request", async () => {
  const node = await joinNode(local.hub, Role.OBSERVER);
  const request = {
    requestId: randomUUID(),
    profile: { kind: NodeKind.INSTANCE, project: "atlas", version: "1.0.0", tags: ["web"] },
  };
  const first = await node.nodes.registerNode(request);
  expect(first).toMatchObject({ heartbeatMs: 5_000n, leaseMs: 15_000n });
  expect(first.node).toMatchObject({
    id: node.id,
    name: node.name,
    role: Role.OBSERVER,
    spiffeId: node.spiffeId,
    state: NodeState.OFFLINE,
    stateReasons: ["never seen"],
  });
  expect(await node.nodes.registerNode(request)).toEqual(first);
  for (const ref of [node.id, node.name]) {
    expect((await owner().getNode({ node: ref })).node).toEqual(first.node);
  }
});

test("heartbeats: new, known, overtaken, of a new start and of an old one", async () => {
  const node = await registeredNode(local.hub);
  expect(await beat(node, 10n, 1n)).toMatchObject({ duplicate: false });
  expect(await beat(node, 10n, 1n)).toMatchObject({ duplicate: true });
  expect(await beat(node, 10n, 3n)).toMatchObject({ duplicate: false });
  expect(await beat(node, 10n, 2n)).toMatchObject({ duplicate: true });
  const again = await beat(node, 11n, 1n);
  expect(again.duplicate).toBe(false);
  expect(Math.abs(Number(again.hubTimeMs) - local.hub.storage.nowMs())).toBeLessThan(
    1_000 * slowTimes,
  );
  expect(Number(again.nextMs)).toBeGreaterThanOrEqual(4_500);
  expect(Number(again.nextMs)).toBeLessThanOrEqual(5_500);
  expect(await reasonOf(beat(node, 10n, 4n))).toBe(Reason.HEARTBEAT_EPOCH_OLD);
  await until(node.id, NodeState.ONLINE);
});

test("who never registered has no lease to keep", async () => {
  const node = await joinNode(local.hub);
  expect(await reasonOf(beat(node, 1n, 1n))).toBe(Reason.NODE_NOT_REGISTERED);
});

test("what a node says of its health is shown, with its newest reasons", async () => {
  const node = await registeredNode(local.hub);
  const ill = (sequence: bigint, reasons: string[]) =>
    node.nodes.heartbeat({ epoch: 1n, sequence, health: HealthStatus.DEGRADED, reasons });
  await ill(1n, ["disk is full"]);
  await until(node.id, NodeState.DEGRADED);
  await ill(2n, ["disk is fuller"]);
  const { node: seen } = await node.nodes.getNode({ node: node.id });
  expect(seen?.stateReasons).toEqual(["disk is fuller"]);
  await beat(node, 1n, 3n);
  await until(node.id, NodeState.ONLINE);
});

test("nodes are listed by name and page, the retired only when asked for", async () => {
  const nodes = [];
  for (let n = 0; n < 5; n++) nodes.push(await registeredNode(local.hub));
  const [gone] = nodes;
  if (gone === undefined) throw new Error("five were made");
  await owner().retireNode({ requestId: randomUUID(), node: gone.name, reason: "sold" });
  const names: string[] = [];
  let token = "";
  do {
    const page = await owner().listNodes({ page: { size: 2, token } });
    names.push(...page.nodes.map((node) => node.name));
    token = page.nextPageToken;
  } while (token !== "");
  expect(names).toEqual(names.toSorted());
  expect(names).not.toContain(gone.name);
  for (const { name } of nodes.slice(1)) expect(names).toContain(name);
  const retired = await owner().listNodes({ states: [NodeState.RETIRED] });
  expect(retired.nodes.map((node) => node.name)).toContain(gone.name);
  const { nextPageToken } = await owner().listNodes({ page: { size: 1 } });
  const other = owner().listNodes({ page: { token: nextPageToken }, states: [NodeState.ONLINE] });
  expect(await reasonOf(other)).toBe(Reason.PAGE_TOKEN_INVALID);
});

test("retiring ends the identity too, and tells it once", async () => {
  const node = await registeredNode(local.hub);
  await beat(node, 1n, 1n);
  const request = { requestId: randomUUID(), node: node.id, reason: "" };
  const { node: retired } = await node.nodes.retireNode(request);
  expect(retired).toMatchObject({
    state: NodeState.RETIRED,
    stateReasons: [`by ${node.spiffeId}`],
  });
  const told = { afterCursor: 0n, types: ["identity.revoked"], subjects: [node.id] };
  const ending = new AbortController();
  const ear = local.hub.calls.as(EventService, personOf(Role.OBSERVER));
  for await (const { item } of ear.subscribe(told, { signal: ending.signal })) {
    if (item.case === "delivery") break;
  }
  ending.abort();
  expect(await reasonOf(beat(node, 2n, 1n))).toBe(Reason.NODE_RETIRED);
});

test("a revoked identity takes its node out, and its name is free", async () => {
  const node = await registeredNode(local.hub);
  const identities = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  await identities.revokeNode({ requestId: randomUUID(), node: node.name, reason: "stolen" });
  await until(node.id, NodeState.RETIRED);
  const { node: seen } = await owner().getNode({ node: node.id });
  expect(seen?.stateReasons).toEqual(["revoked: stolen"]);
});

test("maintenance hides the lease until it ends", async () => {
  const node = await registeredNode(local.hub);
  await beat(node, 1n, 1n);
  await until(node.id, NodeState.ONLINE);
  const set = (on: boolean) =>
    owner().setMaintenance({ requestId: randomUUID(), node: node.id, on, reason: "new disks" });
  expect((await set(true)).node).toMatchObject({ state: NodeState.MAINTENANCE });
  await beat(node, 1n, 2n);
  expect((await node.nodes.getNode({ node: node.id })).node?.state).toBe(NodeState.MAINTENANCE);
  expect((await set(false)).node).toMatchObject({ state: NodeState.ONLINE });
});

test("a text that no database can hold is the caller's fault", async () => {
  expect(await reasonOf(owner().getNode({ node: "a\0b" }))).toBe(Reason.INVALID_REQUEST);
});

test("another node's and another tenant's node are out of reach", async () => {
  const [one, two] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  const wish = { requestId: randomUUID(), node: one.id };
  expect(await reasonOf(two.nodes.retireNode(wish))).toBe(Reason.NOT_YOURS);
  expect(await reasonOf(two.nodes.setMaintenance({ ...wish, on: true }))).toBe(Reason.NOT_YOURS);
  const far = local.hub.calls.as(NodeService, strangerNode());
  expect(await reasonOf(far.retireNode(wish))).toBe(Reason.NOT_FOUND);
  expect(await reasonOf(far.getNode({ node: one.id }))).toBe(Reason.NOT_FOUND);
  expect((await far.listNodes({})).nodes).toEqual([]);
});
