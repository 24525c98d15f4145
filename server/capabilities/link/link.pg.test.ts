import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { LinkOfferSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { linkCapabilities } from "@foedus/kernel/protocol.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  freely,
  joinNode,
  personOf,
  strangerNode,
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { rowsOf } from "../../../tests/support/bundled.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

type Offer = MessageInitShape<typeof LinkOfferSchema>;
const plain = { protocolMin: 1, protocolMax: 1, software: "test/1" };

function links(node: JoinedNode) {
  return local.hub.calls.as(LinkService, node.caller);
}

function owner() {
  return local.hub.calls.as(LinkService, personOf(Role.ADMIN));
}

function openOf(node: JoinedNode, offer: Offer = plain) {
  return links(node).openLink({ requestId: randomUUID(), offer });
}

function report(node: JoinedNode, epoch: bigint, sequence: bigint, messagesSent: bigint) {
  const counts = { messagesSent, messagesReceived: 1n, bytesSent: 2n, bytesReceived: 3n };
  return links(node).reportLink({ epoch, sequence, counts, breaker: BreakerState.CLOSED });
}

test("a link is opened on the newest common protocol, with what both can do", async () => {
  const node = await joinNode(local.hub, Role.OBSERVER);
  const capabilities = ["event.batch", "of.tomorrow"];
  const offer = { ...plain, protocolMax: 7, capabilities };
  const { terms, reportMs } = await openOf(node, offer);
  expect(terms).toMatchObject({ protocol: 1, capabilities: ["event.batch"] });
  expect(terms?.hubSoftware).toMatch(/^foedus\/\d/);
  expect(reportMs).toBe(30_000n);
  const { link } = await owner().getLink({ node: node.name });
  expect(link).toMatchObject({ nodeId: node.id, nodeName: node.name, software: "test/1", terms });
  expect(link).toMatchObject({ live: false, connections: 0 });
  expect(link?.counts).toBeUndefined();
  expect(linkCapabilities).toEqual([...linkCapabilities].toSorted());
});

test("without a common protocol there is no link", async () => {
  const node = await joinNode(local.hub);
  const offer = { ...plain, protocolMin: 2, protocolMax: 3 };
  await expect(openOf(node, offer)).rejects.toMatchObject({
    reason: Reason.PROTOCOL_UNSUPPORTED,
    facts: { node_min: "2", node_max: "3", hub_min: "1", hub_max: "1", upgrade: "the hub" },
  });
  await expect(links(node).getLink({ node: node.id })).rejects.toMatchObject({
    reason: Reason.NOT_FOUND,
  });
});

test("reports count once, in the order of epoch and sequence", async () => {
  const node = await joinNode(local.hub);
  await expect(report(node, 10n, 1n, 1n)).rejects.toMatchObject({ reason: Reason.LINK_NOT_OPEN });
  await openOf(node);
  const seen = async () => (await links(node).getLink({ node: node.id })).link?.counts;
  expect(await report(node, 10n, 1n, 5n)).toMatchObject({ duplicate: false });
  expect(await report(node, 10n, 1n, 6n)).toMatchObject({ duplicate: true });
  expect(await report(node, 10n, 3n, 7n)).toMatchObject({ duplicate: false });
  expect(await report(node, 10n, 2n, 6n)).toMatchObject({ duplicate: true });
  expect(await report(node, 9n, 9n, 99n)).toMatchObject({ duplicate: true });
  expect(await seen()).toMatchObject({ messagesSent: 7n, bytesSent: 2n, bytesReceived: 3n });
  expect(await report(node, 11n, 1n, 1n)).toMatchObject({ duplicate: false });
  expect(await seen()).toMatchObject({ messagesSent: 1n });
  // Opening anew leaves what was reported.
  await openOf(node);
  expect(await seen()).toMatchObject({ messagesSent: 1n });
});

test("of many reports at one time the newest stays, and each is answered for itself", async () => {
  const node = await joinNode(local.hub);
  const never = await joinNode(local.hub);
  await openOf(node);
  const sequences = [4n, 2n, 9n, 9n, 1n, 7n];
  const answers = await Promise.allSettled([
    ...sequences.map((sequence) => report(node, 1n, sequence, sequence)),
    report(never, 1n, 1n, 1n),
  ]);
  const { link } = await links(node).getLink({ node: node.id });
  expect(link?.counts?.messagesSent).toBe(9n);
  const kept = answers.filter((one) => one.status === "fulfilled" && !one.value.duplicate);
  expect(kept.length).toBeGreaterThanOrEqual(1);
  expect(kept.length).toBeLessThan(sequences.length);
  expect(answers.at(-1)).toMatchObject({ reason: { reason: Reason.LINK_NOT_OPEN } });
});

test("opening twenty times the same tells one fact", async () => {
  const node = await joinNode(local.hub);
  for (let n = 0; n < 20; n++) await openOf(node);
  await openOf(node, { ...plain, software: "test/2" });
  const told = await rowsOf(
    local.url,
    `select 1 from outbox_log where kind = 'link.opened' and subject = '${node.id}'`,
  );
  expect(told).toHaveLength(2);
});

test("links are listed by node and page, and of the own tenant only", async () => {
  const nodes = [];
  for (let n = 0; n < 3; n++) nodes.push(await joinNode(local.hub));
  for (const node of nodes) await openOf(node);
  const ids: string[] = [];
  let token = "";
  do {
    const page = await owner().listLinks({ page: { size: 2, token } });
    ids.push(...page.links.map((one) => one.nodeId));
    token = page.nextPageToken;
  } while (token !== "");
  expect(ids).toEqual([...ids].toSorted());
  for (const node of nodes) expect(ids).toContain(node.id);
  const elsewhere = local.hub.calls.as(LinkService, strangerNode());
  expect((await elsewhere.listLinks({})).links).toEqual([]);
  await expect(elsewhere.getLink({ node: nodes[0]?.id ?? "" })).rejects.toMatchObject({
    reason: Reason.NOT_FOUND,
  });
});

test("the link of a node that was revoked is forgotten", async () => {
  const node = await joinNode(local.hub);
  await openOf(node);
  const identities = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  await identities.revokeNode({ requestId: randomUUID(), node: node.id, reason: "sold" });
  const gone = () => owner().getLink({ node: node.id });
  await expect
    .poll(() => gone().catch((error: unknown) => error))
    .toMatchObject({
      reason: Reason.NOT_FOUND,
    });
});
