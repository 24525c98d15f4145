// What the hub of a peer says of refusals, though its operator lets it tell them.
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  EventRefusedSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { eventOf, joinNode, publish } from "../../../tests/support/joined.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { certificateOf, startPeerHub, trusts } from "../../../tests/support/peers.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { until } from "../../../tests/support/until.ts";
import { event } from "../event/index.ts";
import { identity } from "../identity/index.ts";
import { link } from "../link/index.ts";
import { node } from "../node/index.ts";
import { breachMax } from "./breach.ts";
import { access } from "./index.ts";

const column = [identity, node, link, event, access];
const type = "event.refused";

let a: PeerHub;
let b: PeerHub;
beforeAll(async () => {
  [a, b] = await Promise.all([startPeerHub("a.test", column), startPeerHub("b.test", column)]);
});
afterAll(() => Promise.all([a, b].map(({ local }) => local.stop())));

test("what a peer says of our nodes cuts none of them off", async () => {
  const { hub } = a.local;
  await trusts(a, b, { take: [type] });
  const victim = await joinNode(hub);
  const { spiffeId: source, signingKey } = b.local.hub.identity;
  const said = create(EventRefusedSchema, { nodeId: victim.id, reason: "NOT_YOURS", batches: 9n });
  const lie = create(EventSchema, {
    type,
    source,
    subject: victim.id,
    timeMs: BigInt(hub.storage.nowMs()),
    stream: "hub",
    epoch: 1n,
    sequence: 1n,
    payload: toBinary(EventRefusedSchema, said),
  });
  const material = { ...(await certificateOf(b.authority, source)), roots: a.roots };
  const wire = createClient(EventService, transportWith(`https://${a.nodeAddress}`, material));
  const { accepted } = await wire.publishForeign({ batch: signBatch(signingKey, [lie]) });
  expect(accepted).toBe(1);
  const identities = hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  const quarantined = async () => {
    const all = (await identities.listIdentities({})).identities;
    return all.flatMap((one) => (one.quarantineTime === undefined ? [] : [one.nodeId]));
  };
  // Once a breach of later was acted on, so was what came before it.
  const liar = await joinNode(hub);
  for (let at = 0; at < breachMax; at += 1) {
    const forged = eventOf(victim.spiffeId, TelemetrySyncSchema, {}, { sequence: BigInt(at + 1) });
    await expect(publish(liar, [forged])).rejects.toThrow("belongs to somebody else");
  }
  await until(async () => expect(await quarantined()).toContain(liar.id));
  expect(await quarantined()).toEqual([liar.id]);
});
