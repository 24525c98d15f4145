import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import type { Purpose, SigningKey } from "@foedus/kernel/signing.ts";
import { signFor } from "@foedus/kernel/signing.ts";
import { parseSpiffe } from "@foedus/kernel/spiffe.ts";
import { FoedusError } from "../error.ts";
import type { HubChain } from "@foedus/kernel/chain.ts";
import { pinnedRoots } from "@foedus/kernel/chain.ts";

/**
 * The identity key's signature over a certificate request, and what binds it to this one occasion.
 */
export function proofOver(
  purpose: Purpose,
  key: SigningKey,
  csr: Uint8Array,
  bound: Uint8Array | string = "",
): Uint8Array {
  const occasion = typeof bound === "string" ? utf8(bound) : bound;
  return signFor(purpose, key, concat(sha256(csr), occasion));
}

/**
 * Holds what a hub answers against what it proved to be, so that the node never keeps a
 * contradiction.
 *
 * @throws FoedusError HUB_NOT_TRUSTED
 */
export function requireCoherent(
  admission: Admission | undefined,
  invitation: Invitation,
  chain: HubChain,
): Admission {
  const refuse = (detail: string) => {
    const address = `${invitation.host}:${invitation.port}`;
    return new FoedusError(Reason.HUB_NOT_TRUSTED, { address, detail });
  };
  if (admission?.certificate === undefined || admission.bundle === undefined) {
    throw refuse("it admits without a certificate or without roots");
  }
  const { trustDomain, roots } = admission.bundle;
  // An answer that is told again may be another hub's of the same domain.
  const hub = parseSpiffe(admission.hubSpiffeId);
  if (hub?.trustDomain !== chain.trustDomain || hub.segments[0] !== "hub") {
    throw refuse("it gives itself another name");
  }
  if (trustDomain !== chain.trustDomain) throw refuse("it vouches for another trust domain");
  if (parseSpiffe(admission.spiffeId)?.trustDomain !== chain.trustDomain) {
    throw refuse("it gives an identity of another trust domain");
  }
  if (admission.tenant !== invitation.tenant) throw refuse("it admits to another tenant");
  if (pinnedRoots(roots, invitation.caHash).length === 0) {
    throw refuse("its roots lack the one that the invitation pins");
  }
  return admission;
}
