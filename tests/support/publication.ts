// Batches of a test that needs no hub around them.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { keyIdOf, newSigningKey, verifyingKey } from "@foedus/kernel/signing.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { BatchRules, Publication, Signer } from "../../server/capabilities/event/batch.ts";
import { violationOf } from "../../server/runtime/violation.ts";
import { families } from "./families.ts";

/** Where in a source's stream some events stand. */
export interface Place {
  readonly source: string;
  readonly stream: string;
  readonly epoch: bigint;
  readonly first: bigint;
}

/** When the events of a test happen, unless they say otherwise. */
export const testMs = 1_795_000_000_000;

/** Somebody who signs, and how a hub knows them. */
export interface TestSigner extends Signer {
  readonly signing: SigningKey;
}

/** A node with a key of its own. */
export function newSigner(nodeId = "node_00000000000000000000000001"): TestSigner {
  const signing = newSigningKey();
  const key = verifyingKey(signing.publicKey);
  if (key === undefined) throw new Error("a new key is a key");
  const source = nodeSpiffe("foedus.local", "main", nodeId);
  return { source, keyId: keyIdOf(signing.publicKey), key, signing };
}

/** The rules a hub judges by at `testMs`. */
export const testRules: BatchRules = {
  families,
  nowMs: testMs,
  problemOf: (event) => violationOf(EventSchema, event)?.problem,
};

/** Telemetry that tells one number. */
export function telemetry(place: Place, rest: MessageInitShape<typeof EventSchema> = {}): Event {
  return create(EventSchema, {
    type: "telemetry_sync",
    source: place.source,
    timeMs: BigInt(testMs),
    stream: place.stream,
    epoch: place.epoch,
    sequence: place.first,
    payload: toBinary(
      TelemetrySyncSchema,
      create(TelemetrySyncSchema, { eventsPublished: place.first }),
    ),
    ...rest,
  });
}

/** Telemetry from a place on, without a hole. */
export function run(place: Place, count: number): Event[] {
  return Array.from({ length: count }, (_, at) =>
    telemetry({ ...place, first: place.first + BigInt(at) }),
  );
}

/** A signed batch. */
export function batchOf(signer: TestSigner, events: readonly Event[]): Batch {
  return signBatch(signer.signing, events);
}

/** A batch as it looks after it was verified; its signature is nobody's. */
export function publicationOf(place: Place, count: number): Publication {
  const events = run(place, count).map((event) => ({
    event,
    bytes: toBinary(EventSchema, event),
  }));
  return { ...place, events, keyId: new Uint8Array(8), signature: new Uint8Array(64) };
}
