// Two hubs of different roots over real TLS: who is let in, as whom, and for how long.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Health } from "@foedus/gen/grpc/health/v1/health_pb.js";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newRequestId } from "../../../tests/support/joiner.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { certificateOf, knock, startPeerHub, trusts } from "../../../tests/support/peers.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { event } from "../event/index.ts";
import type { Authority } from "../identity/authority.ts";
import { makeIntermediate, makeRoot } from "../identity/authority.ts";
import { identity } from "../identity/index.ts";
import { node } from "../node/index.ts";
import { link } from "./index.ts";

const column = [identity, node, link, event];

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

const remove = (hub: PeerHub, trustDomain: string) =>
  hub.operator().removePeer({ requestId: newRequestId(), trustDomain, reason: "a test" });

/** What the hub itself shows to others. */
function ownOf({ local }: PeerHub) {
  const material = local.hub.certificate();
  if (material === undefined) throw new Error("the hub has no certificate");
  return material;
}

/** Past authentication and authorization: what is wrong is the batch. */
const letIn = /signed|cannot be read|not the identity key|signature|key/;

test("a foreign hub dies in the handshake, is let in once it is trusted, and not after", async () => {
  expect(await knock(a, ownOf(b))).not.toMatch(letIn);
  const peer = await trusts(a, b);
  expect(peer).toMatchObject({ trustDomain: "b.test", state: PeerState.TRUSTED });
  expect(peer.caHash).toBe(b.authority.caHash);
  expect(peer.bundle?.signingKeys).toEqual([b.local.hub.identity.signingKey.publicKey]);
  expect(await knock(a, ownOf(b))).toMatch(letIn);
  await remove(a, "b.test");
  expect(await knock(a, ownOf(b))).not.toMatch(letIn);
});
