import { fromBinary } from "@bufbuild/protobuf";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { leafHash, rootFromPath } from "@foedus/kernel/merkle.ts";
import { isSignedFor, keyIdOf, verifyingKey } from "@foedus/kernel/signing.ts";

/** Whether the key signed the batch that these event bytes were part of, as its proof shows. */
export function isProved(stored: StoredEvent, publicKey: Uint8Array): boolean {
  const { event, proof, keyId, signature } = stored;
  const key = verifyingKey(publicKey);
  if (key === undefined || proof === undefined || !sameBytes(keyId, keyIdOf(publicKey))) {
    return false;
  }
  const { leafIndex, treeSize, path } = proof;
  const root = rootFromPath(leafHash(event), leafIndex, treeSize, path);
  return root !== undefined && isSignedFor("event", key, root, signature);
}

/** Who says an event, by its own bytes. */
export function sourceOf(stored: StoredEvent): string {
  return fromBinary(EventSchema, stored.event).source;
}
