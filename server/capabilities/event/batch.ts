import type { KeyObject } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import type { Batch, Event, InclusionProof } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { isBatchSigned } from "@foedus/kernel/batch.ts";
import { hex, sameBytes } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { Families } from "./family.ts";
import { wireOffence } from "./wire.ts";

/** Who publishes, and the key that their events must be signed with. */
export interface Signer {
  /** Its SPIFFE id. */
  readonly source: string;
  readonly keyId: Uint8Array;
  readonly key: KeyObject;
}

/** What a batch is judged by. */
export interface BatchRules {
  readonly families: Families;
  readonly nowMs: number;
  /** The rule of the schema that an event breaks; undefined for none. */
  problemOf(event: Event): string | undefined;
}

/** An event and the bytes that were signed. */
export interface SignedEvent {
  readonly event: Event;
  readonly bytes: Uint8Array;
}

/** A batch that was signed by its source and says nothing it may not. */
export interface Publication {
  readonly source: string;
  readonly stream: string;
  readonly epoch: bigint;
  /** The sequence of the first event; of a node's batch the others follow without a hole. */
  readonly first: bigint;
  readonly events: readonly SignedEvent[];
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
  /** How the only event hangs under the root of a larger batch that was signed. */
  readonly proof?: InclusionProof;
}

/** How much older than the hub's clock an event may be, and how much newer. */
export const oldestMs = 24 * 3_600_000;
export const newestMs = 5 * 60_000;

/**
 * Verifies a batch over the bytes as they came, and only then reads them.
 *
 * @throws Fault EVENT_KEY_UNKNOWN, EVENT_SIGNATURE_INVALID, and for what an event may not be or
 * say.
 */
export function openBatch(batch: Batch, signer: Signer, rules: BatchRules): Publication {
  const { keyId, signature } = batch;
  if (!sameBytes(keyId, signer.keyId)) {
    throw new Fault(Reason.EVENT_KEY_UNKNOWN, { key_id: hex(keyId), source: signer.source });
  }
  if (!isBatchSigned(batch, signer.key)) {
    throw new Fault(Reason.EVENT_SIGNATURE_INVALID, { events: batch.events.length });
  }
  const valid = new Map<string, Event>();
  const events = batch.events.map((bytes, index) => readEvent(bytes, index, rules, valid));
  const [head] = events;
  if (head === undefined) throw new Error("a signed batch has an event");
  for (const [index, { event }] of events.entries()) {
    if (event.source !== signer.source) throw new Fault(Reason.NOT_YOURS, { object: event.source });
    const problem = breakOf(head.event, event, index);
    if (problem !== undefined) throw new Fault(Reason.EVENT_BATCH_BROKEN, { index, problem });
    refuseTime(event, index, rules);
    refusePayload(event, index, rules.families, "node");
  }
  const { source, stream, epoch, sequence: first } = head.event;
  return { source, stream, epoch, first, events, keyId, signature };
}

/**
 * Reads the bytes of an event as strictly as they can be; `valid` remembers those of its batch that
 * keep the schema's rules. @throws Fault EVENT_MALFORMED.
 */
export function readEvent(
  bytes: Uint8Array,
  index: number,
  rules: BatchRules,
  valid = new Map<string, Event>(),
): SignedEvent {
  const offence = wireOffence(EventSchema, bytes);
  if (offence !== undefined) {
    throw new Fault(Reason.EVENT_MALFORMED, { index, problem: offence.problem });
  }
  const event = fromBinary(EventSchema, bytes);
  if (isLike(valid.get(event.type), event)) return { event, bytes };
  const control = /\p{Cc}/u.test(event.subject);
  const problem = control ? "its subject holds a control character" : rules.problemOf(event);
  if (problem !== undefined) throw new Fault(Reason.EVENT_MALFORMED, { index, problem });
  valid.set(event.type, event);
  return { event, bytes };
}

/**
 * Whether an event keeps the schema's rules because one that was found to keep them has the same
 * words, no larger sequence and no smaller payload. Asking the rules costs as much as all the rest.
 */
function isLike(valid: Event | undefined, event: Event): boolean {
  return (
    valid !== undefined &&
    valid.type === event.type &&
    valid.source === event.source &&
    valid.subject === event.subject &&
    valid.stream === event.stream &&
    valid.epoch === event.epoch &&
    valid.sequence <= event.sequence &&
    valid.payload.length >= event.payload.length
  );
}

/** Why an event does not belong where it stands; undefined when it does. */
function breakOf(head: Event, event: Event, index: number): string | undefined {
  if (event.stream !== head.stream) return `it is of stream ${event.stream}, not ${head.stream}`;
  if (event.epoch !== head.epoch) return `it is of epoch ${event.epoch}, not ${head.epoch}`;
  const sequence = head.sequence + BigInt(index);
  if (event.sequence !== sequence) return `its sequence is ${event.sequence}, not ${sequence}`;
  return undefined;
}

/** @throws Fault EVENT_TIME_REFUSED for what is too old, or from the future. */
export function refuseTime(
  event: Event,
  index: number,
  rules: { readonly nowMs: number; readonly oldestMs?: number },
): void {
  const timeMs = Number(event.timeMs);
  const earliestMs = rules.nowMs - (rules.oldestMs ?? oldestMs);
  const latestMs = rules.nowMs + newestMs;
  if (timeMs >= earliestMs && timeMs <= latestMs) return;
  const known = Math.abs(timeMs) <= instantMax;
  const time = known ? utcText(timeMs) : `${event.timeMs} ms`;
  const facts = { index, time, earliest: utcText(earliestMs), latest: utcText(latestMs) };
  throw new Fault(Reason.EVENT_TIME_REFUSED, facts);
}

/** What a Date can hold. */
const instantMax = 8.64e15;

/** @throws Fault for a family that the teller may not tell, or a payload that is not of it. */
export function refusePayload(
  { type, payload }: Event,
  index: number,
  families: Families,
  teller: "node" | "hub",
): void {
  const family = families.get(type);
  if (family === undefined) throw new Fault(Reason.EVENT_TYPE_UNKNOWN, { type });
  if (family.hubOnly && teller === "node") throw new Fault(Reason.EVENT_TYPE_HUB_ONLY, { type });
  const offence = wireOffence(family.schema, payload);
  if (offence === undefined) return;
  const { sensitiveField: field, problem } = offence;
  if (field !== undefined) throw new Fault(Reason.SENSITIVE_FIELD, { index, type, field });
  throw new Fault(Reason.EVENT_PAYLOAD_MALFORMED, { index, type, problem });
}
