import type { KeyObject } from "node:crypto";
import type { Batch, Event, InclusionProof } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { batchEventsMax, isBatchSigned } from "@foedus/kernel/batch.ts";
import { hex, sameBytes } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { leafHash, rootFromPath } from "@foedus/kernel/merkle.ts";
import { isSignedFor } from "@foedus/kernel/signing.ts";
import { hubOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { BatchRules, Publication } from "./batch.ts";
import { readEvent, refusePayload, refuseTime } from "./batch.ts";

/** A key that hubs of a peer sign with. */
export interface ForeignKey {
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly key: KeyObject;
}

/** What a peer may tell, and how it is known that it does. */
export interface ForeignTerms {
  readonly trustDomain: string;
  readonly keys: readonly ForeignKey[];
  readonly takenTypes: ReadonlySet<string>;
}

/** A peer that was away for long tells what it kept: replays are found by their sequences. */
const oldestMs = 30 * 86_400_000;

/**
 * Verifies what a peer's hub signed over the bytes as they came, and only then reads them. Between
 * two events there may be others that were not told: sequences grow, and need not be without holes.
 *
 * @throws Fault EVENT_KEY_UNKNOWN, EVENT_SIGNATURE_INVALID, EVENT_SOURCE_FOREIGN,
 * EVENT_TYPE_NOT_TAKEN, and for what an event may not be or say.
 */
export function openForeign(
  batch: Batch,
  proof: InclusionProof | undefined,
  terms: ForeignTerms,
  rules: BatchRules,
): Publication {
  const { keyId, signature } = batch;
  const { trustDomain } = terms;
  const signer = terms.keys.find((one) => sameBytes(one.keyId, keyId));
  if (signer === undefined) {
    const source = `a hub of ${trustDomain}`;
    throw new Fault(Reason.EVENT_KEY_UNKNOWN, { key_id: hex(keyId), source });
  }
  if (!isSigned(batch, proof, signer.key)) {
    throw new Fault(Reason.EVENT_SIGNATURE_INVALID, { events: batch.events.length });
  }
  const events = batch.events.map((bytes, index) => readEvent(bytes, index, rules));
  const [head] = events;
  if (head === undefined) throw new Error("a signed batch has an event");
  let last = 0n;
  for (const [index, { event }] of events.entries()) {
    requireSource(event, trustDomain);
    const problem = breakOf(head.event, event, last);
    if (problem !== undefined) throw new Fault(Reason.EVENT_BATCH_BROKEN, { index, problem });
    last = event.sequence;
    requireTaken(event, terms);
    refuseTime(event, index, { ...rules, oldestMs });
    refusePayload(event, index, rules.families, "hub");
  }
  const { source, stream, epoch, sequence: first } = head.event;
  const told = { source, stream, epoch, first, events, keyId, signature };
  return proof === undefined ? told : { ...told, proof };
}

/** The batch as a whole, or one event of a larger one by its path to the root that was signed. */
function isSigned(batch: Batch, proof: InclusionProof | undefined, key: KeyObject): boolean {
  if (proof === undefined) return isBatchSigned(batch, key);
  const [bytes, ...others] = batch.events;
  if (bytes === undefined || others.length > 0 || proof.treeSize > batchEventsMax) return false;
  if (proof.path.some((hash) => hash.length !== hashBytes)) return false;
  const root = rootFromPath(leafHash(bytes), proof.leafIndex, proof.treeSize, proof.path);
  return root !== undefined && isSignedFor("event", key, root, batch.signature);
}

const hashBytes = 32;

/** A peer speaks for its own hubs: not for ours, not for others, and not for its nodes. */
function requireSource({ source }: Event, trustDomain: string): void {
  const id = parseSpiffe(source);
  if (id?.trustDomain === trustDomain && hubOfSpiffe(id) !== undefined) return;
  throw new Fault(Reason.EVENT_SOURCE_FOREIGN, { trust_domain: trustDomain, source });
}

function requireTaken({ type }: Event, { trustDomain, takenTypes }: ForeignTerms): void {
  if (takenTypes.has(type)) return;
  throw new Fault(Reason.EVENT_TYPE_NOT_TAKEN, { type, trust_domain: trustDomain });
}

function breakOf(head: Event, event: Event, last: bigint): string | undefined {
  if (event.source !== head.source) return `it is of ${event.source}, not ${head.source}`;
  if (event.stream !== head.stream) return `it is of stream ${event.stream}, not ${head.stream}`;
  if (event.epoch !== head.epoch) return `it is of epoch ${event.epoch}, not ${head.epoch}`;
  if (event.sequence <= last) return `its sequence ${event.sequence} comes after ${last}`;
  return undefined;
}
