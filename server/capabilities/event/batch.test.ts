import { create, hasOption, toBinary } from "@bufbuild/protobuf";
import { PresenceSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { concat } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { leafHash, merkleRoot } from "@foedus/kernel/merkle.ts";
import { signFor } from "@foedus/kernel/signing.ts";
import { field, message } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { expect, test } from "vitest";
import { payloadWith, sensitivePlaces } from "../../../tests/support/families.ts";
import {
  batchOf,
  newSigner,
  run,
  telemetry,
  testMs,
  testRules,
} from "../../../tests/support/publication.ts";
import { newestMs, oldestMs, openBatch } from "./batch.ts";

const signer = newSigner();
const place = { source: signer.source, stream: "main", epoch: 7n, first: 1n };

function faultOf(batch: Batch): Fault {
  try {
    openBatch(batch, signer, testRules);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("the batch was accepted");
}

function reasonOf(events: readonly Event[]): Reason {
  return faultOf(batchOf(signer, events)).reason;
}

/** Signed over bytes that no serializer of ours would write. */
function batchOfBytes(...events: Uint8Array[]): Batch {
  const signature = signFor("event", signer.signing, merkleRoot(events.map(leafHash)));
  return create(BatchSchema, { events, keyId: signer.keyId, signature });
}

test("a signed run of events is opened, byte for byte", () => {
  const batch = batchOf(signer, run(place, 5));
  const opened = openBatch(batch, signer, testRules);
  expect(opened).toMatchObject({ ...place, signature: batch.signature });
  expect(opened.events.map(({ bytes }) => bytes)).toEqual(batch.events);
});

test("another node's key is named before anything is verified", () => {
  const batch = batchOf(newSigner(), run(place, 1));
  expect(faultOf(batch).reason).toBe(Reason.EVENT_KEY_UNKNOWN);
});

test("a signature of other events, of none, or for another purpose is refused", () => {
  const batch = batchOf(signer, run(place, 2));
  const [one, other] = [run(place, 3), run({ ...place, first: 9n }, 2)];
  const swapped = { ...batch, events: batch.events.toReversed() };
  const root = merkleRoot(batch.events.map(leafHash));
  const joined = { ...batch, signature: signFor("enroll", signer.signing, root) };
  const cut = { ...batch, events: batch.events.slice(0, 1) };
  const others = [batchOf(signer, one), batchOf(signer, other)].map(({ signature }) => ({
    ...batch,
    signature,
  }));
  for (const forged of [swapped, joined, cut, ...others]) {
    expect(faultOf(forged).reason).toBe(Reason.EVENT_SIGNATURE_INVALID);
  }
});

test("a node speaks for itself only", () => {
  const other = newSigner("node_00000000000000000000000002").source;
  expect(reasonOf(run({ ...place, source: other }, 1))).toBe(Reason.NOT_YOURS);
  const mixed = [telemetry(place), telemetry({ ...place, source: other, first: 2n })];
  expect(reasonOf(mixed)).toBe(Reason.NOT_YOURS);
});

test("a batch is one stream and epoch without a hole", () => {
  const [head, next] = run(place, 2);
  if (head === undefined || next === undefined) throw new Error("a run of two has two");
  for (const change of [{ stream: "other" }, { epoch: 8n }, { sequence: 3n }, { sequence: 1n }]) {
    expect(reasonOf([head, { ...next, ...change }])).toBe(Reason.EVENT_BATCH_BROKEN);
  }
});

test("times are held against the hub's clock, to the millisecond", () => {
  const at = (ms: number) => [telemetry(place, { timeMs: BigInt(testMs + ms) })];
  for (const ms of [-oldestMs, newestMs]) {
    expect(openBatch(batchOf(signer, at(ms)), signer, testRules).events).toHaveLength(1);
  }
  for (const ms of [-oldestMs - 1, newestMs + 1]) {
    expect(reasonOf(at(ms))).toBe(Reason.EVENT_TIME_REFUSED);
  }
  const never = [telemetry(place, { timeMs: 2n ** 63n - 1n })];
  expect(reasonOf(never)).toBe(Reason.EVENT_TIME_REFUSED);
});

test("a type must be a family, and one that nodes tell", () => {
  expect(reasonOf([telemetry(place, { type: "telemetry_sink" })])).toBe(Reason.EVENT_TYPE_UNKNOWN);
  const hubs = [telemetry(place, { type: "node.retired", payload: new Uint8Array() })];
  expect(reasonOf(hubs)).toBe(Reason.EVENT_TYPE_HUB_ONLY);
});

test("the envelope keeps to its schema, and holds nothing else", () => {
  const rules = [{ subject: "a\0b" }, { stream: "Main" }, { epoch: 0n }, { sequence: 0n }];
  for (const broken of [...rules, { subject: "x".repeat(257) }, { type: "Telemetry" }]) {
    expect(reasonOf([telemetry(place, broken)])).toBe(Reason.EVENT_MALFORMED);
  }
  const bytes = toBinary(EventSchema, telemetry(place));
  for (const more of [Uint8Array.of(0x4a, 1, 0x61), Uint8Array.of(0x28, 7), Uint8Array.of(0xff)]) {
    expect(faultOf(batchOfBytes(concat(bytes, more))).reason).toBe(Reason.EVENT_MALFORMED);
  }
  expect(faultOf(batchOfBytes(new Uint8Array())).reason).toBe(Reason.EVENT_MALFORMED);
});

test("the schema binds each field of an event alone, and no other than those two events share", () => {
  const bound = EventSchema.fields.filter((one) => hasOption(one, field));
  expect(hasOption(EventSchema, message)).toBe(false);
  expect(bound.map(({ name }) => name)).toEqual([
    "type",
    "source",
    "subject",
    "stream",
    "epoch",
    "sequence",
    "payload",
  ]);
});

test("a broken event is found behind any number of good ones that it resembles", () => {
  const payload = toBinary(PresenceSchema, create(PresenceSchema, { title: "Atlas" }));
  const good = run(place, 40);
  for (const broken of [
    { subject: "a\0b" },
    { subject: "x".repeat(257) },
    { type: "Telemetry" },
    { payload: new Uint8Array(262_145) },
    { type: "hub.presence", payload, subject: "\u0085" },
  ]) {
    const last = telemetry({ ...place, first: 41n }, broken);
    expect(reasonOf([...good, last])).toBe(Reason.EVENT_MALFORMED);
  }
});

test("the payload must be the family's message, and hold nothing else", () => {
  const bytes = toBinary(PresenceSchema, create(PresenceSchema, { title: "Atlas" }));
  const of = (payload: Uint8Array) => [telemetry(place, { type: "hub.presence", payload })];
  expect(openBatch(batchOf(signer, of(bytes)), signer, testRules).events).toHaveLength(1);
  for (const more of [Uint8Array.of(0x7a, 1, 0x61), Uint8Array.of(0x12, 1, 0x61), [0xff]]) {
    const payload = concat(bytes, Uint8Array.from(more));
    expect(reasonOf(of(payload))).toBe(Reason.EVENT_PAYLOAD_MALFORMED);
  }
});

test("every sensitive field of every family is refused by name", () => {
  for (const spot of sensitivePlaces()) {
    const { type } = spot.family;
    const event = telemetry(place, { type, payload: payloadWith(spot, "canary") });
    const fault = faultOf(batchOf(signer, [event]));
    expect(fault.reason).toBe(Reason.SENSITIVE_FIELD);
    expect(fault.facts).toMatchObject({ type, field: spot.name });
  }
});
