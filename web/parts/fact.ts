import { fromBinary, type Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { type Event, EventSchema, type StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { decodePayload, families, type Payload } from "./families.ts";

/** A stored event, read. */
export interface Fact {
  readonly cursor: bigint;
  readonly receivedMs: number;
  readonly stored: StoredEvent;
  readonly event: Event;
}

const payloads = new WeakMap<Fact, Payload>();

/** Reads the envelope; undefined when the bytes are no event. */
export function factOf(stored: StoredEvent): Fact | undefined {
  try {
    const event = fromBinary(EventSchema, stored.event);
    return { cursor: stored.cursor, receivedMs: Number(stored.receivedMs), stored, event };
  } catch {
    return undefined;
  }
}

/** The payload, decoded on first sight. */
export function payloadOf(fact: Fact): Payload {
  const known = payloads.get(fact);
  if (known !== undefined) return known;
  const payload = decodePayload(fact.event.type, fact.event.payload);
  payloads.set(fact, payload);
  return payload;
}

/** The payload as the message of one family; undefined when it is anything else. */
export function messageOf<M extends Message>(
  fact: Fact | undefined,
  schema: GenMessage<M>,
): M | undefined {
  if (fact === undefined || families.get(fact.event.type) !== schema) return undefined;
  try {
    return fromBinary(schema, fact.event.payload);
  } catch {
    return undefined;
  }
}
