import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { concat } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { isSignedFor, verifyingKey, type Purpose } from "@foedus/kernel/signing.ts";

/** A certificate request, signed by the identity key it is to be bound to. */
export interface Proof {
  readonly csr: Uint8Array;
  readonly identityProof: Uint8Array;
}

/**
 * Holds the signature over the request and what it is bound to (a token's id, a nonce) against the
 * identity key: whoever holds only a TLS key gets no further one.
 *
 * @throws Fault IDENTITY_PROOF_INVALID.
 */
export function requireProof(
  purpose: Purpose,
  identityKey: Uint8Array,
  { csr, identityProof }: Proof,
  bound: Uint8Array = new Uint8Array(),
): void {
  const key = verifyingKey(identityKey);
  const signed = concat(sha256(csr), bound);
  if (key !== undefined && isSignedFor(purpose, key, signed, identityProof)) return;
  throw new Fault(Reason.IDENTITY_PROOF_INVALID);
}
