// What a peer may tell, sent as it would be on the wire: forged, cut, moved, replayed.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ConnectError, createClient, type Client } from "@connectrpc/connect";
import { InsightReportSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { inclusionPath, leafHash, merkleRoot } from "@foedus/kernel/merkle.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { keyIdOf, newSigningKey, signFor } from "@foedus/kernel/signing.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { certificateOf, startPeerHub, trusts } from "../../../tests/support/peers.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { identity } from "../identity/index.ts";
import { link } from "../link/index.ts";
import { node } from "../node/index.ts";
import { event } from "./index.ts";

const column = [identity, node, link, event];
const type = "insight_report";

let a: PeerHub;
let b: PeerHub;
let wire: Client<typeof EventService>;
let key: SigningKey;
beforeAll(async () => {
  [a, b] = await Promise.all([startPeerHub("a.test", column), startPeerHub("b.test", column)]);
  await trusts(a, b, { take: [type] });
  const { spiffeId, signingKey } = b.local.hub.identity;
  key = signingKey;
  const material = { ...(await certificateOf(b.authority, spiffeId)), roots: a.roots };
  wire = createClient(EventService, transportWith(`https://${a.nodeAddress}`, material));
});
afterAll(() => Promise.all([a, b].map(({ local }) => local.stop())));

const payload = toBinary(InsightReportSchema, create(InsightReportSchema, { summary: "well" }));

function told(sequence: number, more: Omit<Partial<Event>, "$typeName"> = {}): Event {
  const { hub } = b.local;
  const rest = { stream: "test", epoch: 1n, sequence: BigInt(sequence), payload, ...more };
  const timeMs = BigInt(hub.storage.nowMs());
  return create(EventSchema, { type, source: hub.identity.spiffeId, timeMs, ...rest });
}

/** Why it was refused; how many are new otherwise. */
async function send(batch: Batch, proof?: object): Promise<string | number> {
  try {
    return (await wire.publishForeign({ batch, ...(proof && { proof }) })).accepted;
  } catch (error) {
    return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason ?? String(error);
  }
}

test("what a peer's hub signed is taken once, with holes between", async () => {
  const batch = signBatch(key, [told(1), told(2), told(7)]);
  expect(await wire.publishForeign({ batch })).toMatchObject({ accepted: 3, duplicates: 0 });
  expect(await wire.publishForeign({ batch })).toMatchObject({ accepted: 0, duplicates: 3 });
  const more = signBatch(key, [told(7), told(8)]);
  expect(await wire.publishForeign({ batch: more })).toMatchObject({ accepted: 1, duplicates: 1 });
});

test("one event of a larger batch comes with its proof, and is as provable here", async () => {
  const whole = signBatch(key, [told(20), told(21), told(22)]);
  const leaves = whole.events.map(leafHash);
  const [, second] = whole.events;
  if (second === undefined) throw new Error("there are three");
  const batch = create(BatchSchema, { ...whole, events: [second] });
  const proof = { leafIndex: 1, treeSize: 3, path: inclusionPath(leaves, 1) };
  expect(await send(batch)).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(batch, { ...proof, leafIndex: 0 })).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(batch, { ...proof, treeSize: 257 })).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(batch, { ...proof, path: [] })).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(whole, proof)).toBe("EVENT_SIGNATURE_INVALID");
  const smuggled = toBinary(EventSchema, told(23));
  const more = create(BatchSchema, { ...whole, events: [second, smuggled] });
  expect(await send(more, proof)).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(batch, proof)).toBe(1);
  expect(await send(batch, proof)).toBe(0);
  const reader = a.local.hub.calls.as(EventService, personCaller(home, Role.ADMIN));
  const { events } = await reader.listLatest({ types: [type] });
  const stored = events.find((one) => fromBinary(EventSchema, one.event).sequence === 21n);
  expect(stored?.event).toEqual(second);
  const evidence = await reader.getEvent({ cursor: stored?.cursor ?? 0n });
  expect(evidence).toMatchObject({ publicKey: key.publicKey, verified: true, nodeName: "" });
});

/** The first event of a batch of that many, with its proof. */
function firstOf(size: number): [Batch, object] {
  const events = Array.from({ length: size }, (_, at) => toBinary(EventSchema, told(400 + at)));
  const leaves = events.map(leafHash);
  const signature = signFor("event", key, merkleRoot(leaves));
  const one = { events: events.slice(0, 1), keyId: keyIdOf(key.publicKey), signature };
  const proof = { leafIndex: 0, treeSize: size, path: inclusionPath(leaves, 0) };
  return [create(BatchSchema, one), proof];
}

test("a proof leads into a batch of 256 events at most", async () => {
  expect(await send(...firstOf(257))).toBe("EVENT_SIGNATURE_INVALID");
  expect(await send(...firstOf(256))).toBe(1);
});

test("what another one signed, or nobody, is refused by name", async () => {
  const own = a.local.hub.identity;
  const other = newSigningKey();
  const cut = signBatch(key, [told(40), told(41)]);
  const cases: [string, Batch, string][] = [
    ["signed anew by somebody", signBatch(other, [told(40)]), "EVENT_KEY_UNKNOWN"],
    ["signed by our own hub", signBatch(own.signingKey, [told(40)]), "EVENT_KEY_UNKNOWN"],
    [
      "signed by somebody under the peer's key id",
      create(BatchSchema, { ...signBatch(other, [told(40)]), keyId: cut.keyId }),
      "EVENT_SIGNATURE_INVALID",
    ],
    [
      "cut short",
      create(BatchSchema, { ...cut, events: cut.events.slice(1) }),
      "EVENT_SIGNATURE_INVALID",
    ],
    ["in our name", signBatch(key, [told(40, { source: own.spiffeId })]), "EVENT_SOURCE_FOREIGN"],
    [
      "in a third one's name",
      signBatch(key, [told(40, { source: "spiffe://c.test/hub/hub_1" })]),
      "EVENT_SOURCE_FOREIGN",
    ],
    [
      "in the name of its own node",
      signBatch(key, [told(40, { source: "spiffe://b.test/tenant/main/node/node_1" })]),
      "EVENT_SOURCE_FOREIGN",
    ],
    ["not taken", signBatch(key, [told(40, { type: "model_update" })]), "EVENT_TYPE_NOT_TAKEN"],
    ["backwards", signBatch(key, [told(41), told(40)]), "EVENT_BATCH_BROKEN"],
    ["twice in one", signBatch(key, [told(40), told(40)]), "EVENT_BATCH_BROKEN"],
    ["from long ago", signBatch(key, [told(40, { timeMs: 1n })]), "EVENT_TIME_REFUSED"],
    [
      "with something else in it",
      signBatch(key, [told(40, { payload: Uint8Array.of(250, 7, 1, 65) })]),
      "EVENT_PAYLOAD_MALFORMED",
    ],
  ];
  for (const [what, batch, reason] of cases) {
    expect([what, await send(batch)]).toEqual([what, reason]);
  }
  expect(await send(signBatch(key, [told(40)]))).toBe(1);
});

test("a key is one hub's: another hub of the domain may not speak with it", async () => {
  const source = "spiffe://b.test/hub/hub_other";
  expect(await send(signBatch(key, [told(1, { source })]))).toBe("EVENT_KEY_UNKNOWN");
});

test("what is replayed after the window moved on is refused, not stored again", async () => {
  const early = signBatch(key, [told(50)]);
  expect(await send(early)).toBe(1);
  expect(await send(signBatch(key, [told(5_000)]))).toBe(1);
  expect(await send(early)).toBe("EVENT_SEQUENCE_OLD");
});
