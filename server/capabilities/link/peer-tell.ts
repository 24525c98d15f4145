import { create, fromBinary } from "@bufbuild/protobuf";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { PublishForeignRequest } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { PublishForeignRequestSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { hubOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";

/** Whether an event is this domain's own word: what another one told here is never told on. */
export function isOwnWord({ event }: StoredEvent, ownDomain: string): boolean {
  const id = parseSpiffe(fromBinary(EventSchema, event).source);
  return id?.trustDomain === ownDomain && hubOfSpiffe(id) !== undefined;
}

/** What one request holds at most; a batch that is larger goes event by event. */
const batchBytesMax = 786_432;

/**
 * What of a page can go, and what waits for the next one because its batch does: a batch that is
 * cut by a page goes as a whole with the next one, not each of its events with a proof.
 */
export function wholeBatches(
  events: readonly StoredEvent[],
  cursor: bigint,
): { readonly ready: readonly StoredEvent[]; readonly rest: readonly StoredEvent[] } {
  const last = events.at(-1);
  const count = (last?.proof?.leafIndex ?? 0) + 1;
  const goesOn = last?.cursor === cursor && count < (last.proof?.treeSize ?? 1);
  const rest = events.slice(-count);
  if (!goesOn || !isBatchFrom(rest, count)) return { ready: events, rest: [] };
  return { ready: events.slice(0, -count), rest };
}

/**
 * What carries these events: a batch that is here as a whole goes as it was signed, each event of
 * one that is not goes with its proof.
 */
export function requestsOf(events: readonly StoredEvent[]): PublishForeignRequest[] {
  const requests: PublishForeignRequest[] = [];
  for (let at = 0; at < events.length;) {
    const part = batchAt(events, at);
    requests.push(requestOf(part));
    at += part.length;
  }
  return requests;
}

/** How many requests may be under way, and over how many sequences: well within the window. */
const roundMax = 16;
const spanMax = 512n;

/**
 * The requests in rounds, each of which may come in any order: the other side looks back by 1,024
 * sequences, and what lies before is taken for known.
 */
export function roundsOf(requests: readonly PublishForeignRequest[]): PublishForeignRequest[][] {
  const rounds: PublishForeignRequest[][] = [];
  let begun = 0n;
  for (const request of requests) {
    const [first, last] = spanOf(request);
    const round = rounds.at(-1);
    if (round !== undefined && round.length < roundMax && last - begun < spanMax) {
      round.push(request);
    } else {
      rounds.push([request]);
      begun = first;
    }
  }
  return rounds;
}

function spanOf({ batch }: PublishForeignRequest): [first: bigint, last: bigint] {
  const events = batch?.events ?? [];
  const sequenceAt = (at: number) =>
    fromBinary(EventSchema, events.at(at) ?? new Uint8Array()).sequence;
  return [sequenceAt(0), sequenceAt(-1)];
}

/** All events of the batch that begins here; only the first when some of it are missing. */
function batchAt(events: readonly StoredEvent[], at: number): StoredEvent[] {
  const size = events[at]?.proof?.treeSize ?? 1;
  const part = events.slice(at, at + size);
  return isBatchFrom(part, size) ? part : part.slice(0, 1);
}

/** Whether these are that many events of one batch, from its first on, and fit one request. */
function isBatchFrom(part: readonly StoredEvent[], size: number): boolean {
  const [head] = part;
  if (head === undefined || part.length !== size) return false;
  const bytes = part.reduce((sum, one) => sum + one.event.length, 0);
  if (bytes > batchBytesMax) return false;
  return part.every(
    (one, index) => one.proof?.leafIndex === index && sameBytes(one.signature, head.signature),
  );
}

function requestOf(part: readonly StoredEvent[]): PublishForeignRequest {
  const [head] = part;
  if (head === undefined) throw new Error("there is no batch without an event");
  const { keyId, signature, proof } = head;
  const batch = create(BatchSchema, { events: part.map((one) => one.event), keyId, signature });
  const alone = part.length === 1 && proof !== undefined && proof.treeSize > 1;
  return create(PublishForeignRequestSchema, { batch, ...(alone ? { proof } : {}) });
}

/** What a peer will never take, however often it is told; with anything else we try again. */
const final: ReadonlySet<Reason> = new Set([
  Reason.EVENT_MALFORMED,
  Reason.EVENT_BATCH_BROKEN,
  Reason.EVENT_TIME_REFUSED,
  Reason.EVENT_TYPE_UNKNOWN,
  Reason.EVENT_TYPE_NOT_TAKEN,
  Reason.EVENT_PAYLOAD_MALFORMED,
  Reason.EVENT_SOURCE_FOREIGN,
  Reason.SENSITIVE_FIELD,
  Reason.INVALID_REQUEST,
]);

/** What a refusal means to the teller. */
export type Fate = "known" | "refused" | "again";

/** We tell in order: what lies too far back to tell was told by us before. */
export function fateOf(reason: Reason | undefined): Fate {
  if (reason === Reason.EVENT_SEQUENCE_OLD) return "known";
  return reason !== undefined && final.has(reason) ? "refused" : "again";
}
