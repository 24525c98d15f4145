import type { KeyObject } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { leafHash, merkleRoot } from "./merkle.ts";
import type { SigningKey } from "./signing.ts";
import { isSignedFor, keyIdOf, signFor } from "./signing.ts";

/** How many events one signature may cover. */
export const batchEventsMax = 256;

/** Serializes each event once and signs them together. */
export function signBatch(key: SigningKey, events: readonly Event[]): Batch {
  const bytes = events.map((event) => toBinary(EventSchema, event));
  const signature = signFor("event", key, merkleRoot(bytes.map(leafHash)));
  return create(BatchSchema, { events: bytes, keyId: keyIdOf(key.publicKey), signature });
}

/** Whether the key signed exactly these event bytes in this order; never throws. */
export function isBatchSigned(batch: Batch, publicKey: KeyObject): boolean {
  if (batch.events.length === 0 || batch.events.length > batchEventsMax) return false;
  return isSignedFor("event", publicKey, merkleRoot(batch.events.map(leafHash)), batch.signature);
}
