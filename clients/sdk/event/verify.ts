import type { KeyObject } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { leafHash, rootFromPath } from "@foedus/kernel/merkle.ts";
import { isSignedFor, keyIdOf, verifyingKey } from "@foedus/kernel/signing.ts";

/** A root that a key was found to have signed. */
interface Signed {
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
}

/** A key and whose it is. */
export interface SignerKey {
  /** The SPIFFE id that may speak with it. */
  readonly source: string;
  readonly key: KeyObject;
  readonly keyId: Uint8Array;
  /** The last root of this key that held: events of one batch come together. */
  lastHeld?: Signed;
}

/** The key of an identity, or of a hub; undefined when the bytes are no Ed25519 key. */
export function signerKey(source: string, publicKey: Uint8Array): SignerKey | undefined {
  const key = verifyingKey(publicKey);
  return key === undefined ? undefined : { source, key, keyId: keyIdOf(publicKey) };
}

/** Why the event is not proved to be its source's; undefined when it is. */
export function problemOf(stored: StoredEvent, signer: SignerKey): string | undefined {
  const { proof, event, keyId, signature } = stored;
  if (proof === undefined) return "it came without its proof";
  if (!sameBytes(keyId, signer.keyId)) return "it names another key";
  const root = rootFromPath(leafHash(event), proof.leafIndex, proof.treeSize, proof.path);
  if (root === undefined) return "its proof fits no batch";
  if (!holds(signer, { root, signature })) return "its signature does not hold";
  return sourceOf(stored) === signer.source ? undefined : "it speaks for somebody else";
}

/** One signature covers a batch, so for all but its first event a comparison suffices. */
function holds(signer: SignerKey, signed: Signed): boolean {
  const { lastHeld } = signer;
  const known =
    lastHeld !== undefined &&
    sameBytes(lastHeld.root, signed.root) &&
    sameBytes(lastHeld.signature, signed.signature);
  if (known) return true;
  if (!isSignedFor("event", signer.key, signed.root, signed.signature)) return false;
  signer.lastHeld = signed;
  return true;
}

/** Who the event says it is from; undefined when it cannot be read. */
export function sourceOf({ event }: StoredEvent): string | undefined {
  try {
    return fromBinary(EventSchema, event).source;
  } catch {
    return undefined;
  }
}
