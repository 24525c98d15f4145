import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { InclusionProof, StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { inclusionPath, leafHash } from "@foedus/kernel/merkle.ts";
import type { Publication, SignedEvent } from "./batch.ts";

/** An event to append: its body is what is handed on, without its place and time. */
export interface NewEvent {
  readonly signed: SignedEvent;
  readonly body: Uint8Array;
}

/**
 * The bodies of the events of a batch that are new. A batch that is stored whole lies in the log
 * without a hole, so its paths can be worked out from the neighbours; each part of one that is
 * not carries its own.
 */
export function newEvents(batch: Publication, fresh: readonly boolean[]): NewEvent[] {
  const { events, keyId, signature } = batch;
  const leaves = fresh.every(Boolean) ? undefined : events.map(({ bytes }) => leafHash(bytes));
  return events.flatMap((signed, leafIndex) => {
    if (fresh[leafIndex] !== true) return [];
    const path = leaves === undefined ? [] : inclusionPath(leaves, leafIndex);
    const proof = batch.proof ?? { leafIndex, treeSize: events.length, path };
    const stored = create(StoredEventSchema, { event: signed.bytes, keyId, signature, proof });
    return [{ signed, body: toBinary(StoredEventSchema, stored) }];
  });
}

/** What stands in a row. */
export interface StoredRow {
  readonly seq: bigint;
  readonly storedMs: bigint;
  readonly body: Uint8Array;
}

/** A row as it is handed on. */
export function storedEvent({ seq, storedMs, body }: StoredRow): StoredEvent {
  const stored = fromBinary(StoredEventSchema, body);
  return { ...stored, cursor: seq, receivedMs: storedMs };
}

/** The cursors of the batch that an event was stored with; undefined when its proof is whole. */
export function neighbours({ cursor, proof }: StoredEvent): Neighbours | undefined {
  if (proof === undefined || proof.treeSize === 1 || proof.path.length > 0) return undefined;
  const first = cursor - BigInt(proof.leafIndex);
  return { first, count: proof.treeSize };
}

/** A run of entries that were signed together. */
export interface Neighbours {
  readonly first: bigint;
  readonly count: number;
}

/** The proof of an event whose batch has these leaves. */
export function fullProof(stored: StoredEvent, leaves: readonly Uint8Array[]): StoredEvent {
  if (stored.proof === undefined) return stored;
  const path = inclusionPath(leaves, stored.proof.leafIndex);
  const proof: InclusionProof = { ...stored.proof, path };
  return { ...stored, proof };
}
