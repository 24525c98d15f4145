import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AccessMode } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Uplink } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { NodeKind, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { explanationOf } from "@foedus/kernel/fault.ts";
import { beforeAll, afterAll, expect, onTestFinished, test } from "vitest";
import { startTestHub, type TestHub } from "../../tests/support/federated.ts";
import { startLocalHub, type LocalHub } from "../../tests/support/hub.local.ts";
import { freely, registeredNode } from "../../tests/support/joined.ts";

let parent: TestHub;
beforeAll(async () => {
  parent = await startTestHub(["--heartbeat-ms", "300", "--lease-ms", "1500"]);
});
afterAll(() => parent.stop());

/** A hub below the parent, with a domain of its own; the token names it. */
async function child(name: string, again?: LocalHub): Promise<LocalHub> {
  const file = join(parent.data, "..", `${name}.token`);
  if (again === undefined) await writeFile(file, (await parent.session().token(name)).secret);
  const values = {
    ...freely,
    trust_domain: `${name}.example`,
    parent: parent.invitation(),
    parent_token_file: file,
  };
  const hub = await startLocalHub({ values, ...(again === undefined ? {} : { again }) });
  onTestFinished(() => hub.stop({ keep: again === undefined }));
  return hub;
}

function uplinkOf(hub: LocalHub): Uplink {
  const { uplink } = hub.running.status();
  if (uplink === undefined) throw new Error("it has no parent");
  return uplink;
}

/** What it waits for beside leave to sync, which nobody gives it here. */
function waitOf(hub: LocalHub) {
  const { waiting } = uplinkOf(hub);
  return waiting?.waitingFor === "leave to sync as a hub" ? undefined : waiting;
}

const stateOf = (hub: LocalHub) => () => uplinkOf(hub).state;

async function seenAbove(name: string) {
  return (await parent.session().as(NodeService).getNode({ node: name })).node;
}

test("a hub is a node of its parent, and tells it how all below are", async () => {
  const hub = await child("branch");
  await expect.poll(stateOf(hub)).toBe(UplinkState.CONNECTED);
  const { nodeId, parent: invitation } = uplinkOf(hub);
  expect(invitation).toBe(parent.invitation());
  expect(waitOf(hub)).toBeUndefined();
  await expect.poll(async () => (await seenAbove("branch"))?.state).toBe(NodeState.ONLINE);
  expect(await seenAbove("branch")).toMatchObject({
    id: nodeId,
    profile: { kind: NodeKind.HUB, title: "branch.example", tags: ["hub", "nodes:0"] },
  });
  const told = async () => {
    const types = ["telemetry_sync", "hub.health"];
    const { events } = await parent.session().as(EventService).listLatest({ types });
    return events.length;
  };
  await expect.poll(told).toBe(2);
  await expect.poll(() => uplinkOf(hub).roundTripUs).toBeGreaterThan(0n);
  // What belongs to the child stays there.
  const node = await registeredNode(hub.hub);
  await expect(seenAbove(node.name)).rejects.toThrow("there is no node");
});

test("a parent that dies and comes back hurts nobody below, and finds its child again", async () => {
  const hub = await child("orphan");
  await expect.poll(stateOf(hub)).toBe(UplinkState.CONNECTED);
  const { nodeId } = uplinkOf(hub);
  await parent.kill();
  await expect.poll(stateOf(hub)).toBe(UplinkState.AWAY);
  expect(uplinkOf(hub).waiting).toMatchObject({ whoCanEndIt: "whoever runs the parent" });
  const node = await registeredNode(hub.hub);
  expect((await node.nodes.getNode({ node: node.id })).node?.name).toBe(node.name);
  await parent.restart();
  await expect.poll(stateOf(hub)).toBe(UplinkState.CONNECTED);
  expect(uplinkOf(hub).nodeId).toBe(nodeId);
  expect(waitOf(hub)).toBeUndefined();
});

test("a hub that starts while its parent is away serves, and joins later", async () => {
  const hub = await child("early");
  await expect.poll(stateOf(hub)).toBe(UplinkState.CONNECTED);
  await hub.stop({ keep: true });
  await parent.kill();
  const again = await child("early", hub);
  await expect.poll(stateOf(again)).toBe(UplinkState.AWAY);
  await registeredNode(again.hub);
  await parent.restart();
  await expect.poll(stateOf(again)).toBe(UplinkState.CONNECTED);
});

test("without a token it waits for an admin of the parent, and says what it waits for", async () => {
  const access = parent.session().as(AccessService);
  const mode = AccessMode.APPROVAL;
  await access.setAccessMode({ requestId: randomUUID(), mode });
  const values = { ...freely, trust_domain: "shy.example", parent: parent.invitation() };
  const hub = await startLocalHub({ values });
  onTestFinished(() => hub.stop());
  await expect.poll(stateOf(hub)).toBe(UplinkState.WAITING);
  const { joinRequests } = await access.listJoinRequests({});
  const [wish] = joinRequests.filter(({ name }) => name === "shy-example");
  if (wish === undefined) throw new Error("the parent shows no wish");
  expect(uplinkOf(hub).waiting?.command).toContain(wish.fingerprint);
  const { id: joinRequestId, fingerprint } = wish;
  await access.approveJoin({ requestId: randomUUID(), joinRequestId, fingerprint });
  await expect.poll(stateOf(hub)).toBe(UplinkState.CONNECTED);
  expect(waitOf(hub)).toBeUndefined();
});

test("a hub that is named as its own parent refuses that, and serves", async () => {
  const first = await startLocalHub();
  const { invitation } = first.running.status();
  // Until its recovery code was told, a hub makes itself another CA at each start.
  await first.running.greeting();
  await first.stop({ keep: true });
  const again = await startLocalHub({ again: first, values: { ...freely, parent: invitation } });
  onTestFinished(() => again.stop());
  await expect.poll(stateOf(again)).toBe(UplinkState.REFUSED);
  const { waiting } = uplinkOf(again);
  expect(waiting?.waitingFor).toContain("this hub itself");
  expect(waiting?.command).toBe(explanationOf(Reason.PARENT_IS_ITSELF).fix);
  await registeredNode(again.hub);
});
