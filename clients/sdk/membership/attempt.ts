import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { EnrollRequest } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { EnrollRequestSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { base64url, fromBase64url } from "@foedus/kernel/bytes.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { Invitation, TokenParts } from "@foedus/kernel/invitation.ts";
import { formatInvitation, formatToken } from "@foedus/kernel/invitation.ts";
import { newSigningKey, signingKeyToPem } from "@foedus/kernel/signing.ts";
import type { World } from "@foedus/kernel/world.ts";
import { readObject } from "../json.ts";
import { newTlsKey } from "../keys.ts";
import type { NodeStore } from "../store/store.ts";
import { proofOver } from "./admit.ts";

/**
 * One attempt to join, kept before the hub hears of it. A token admits once: whoever crashed after
 * it was spent repeats the very same request, and gets the very same admission.
 */
export interface Attempt {
  readonly invitation: string;
  /** PEM. */
  readonly identity: string;
  /** PEM. */
  readonly tlsKey: string;
  readonly request: EnrollRequest;
}

const file = "enroll.json";

/** Makes the keys and the request, and keeps them. */
export async function beginAttempt(
  store: NodeStore,
  world: World,
  invitation: Invitation,
  wish: { readonly token: TokenParts | undefined; readonly name: string },
): Promise<Attempt> {
  const identity = newSigningKey();
  const { pem: tlsKey, csr } = await newTlsKey();
  const request = create(EnrollRequestSchema, {
    requestId: newId("req", world),
    token: wish.token === undefined ? "" : formatToken(wish.token),
    name: wish.name,
    csr,
    identityKey: identity.publicKey,
    identityProof: proofOver("enroll", identity, csr, wish.token?.id),
    // A token says its tenant itself.
    tenant: wish.token === undefined ? invitation.tenant : "",
  });
  const attempt = {
    invitation: formatInvitation(invitation),
    identity: signingKeyToPem(identity),
    tlsKey,
    request,
  };
  const kept = { ...attempt, request: base64url(toBinary(EnrollRequestSchema, request)) };
  await store.write(file, `${JSON.stringify(kept)}\n`);
  return attempt;
}

/** The attempt that an earlier run did not finish; undefined when there is none to be used. */
export async function unfinishedAttempt(store: NodeStore): Promise<Attempt | undefined> {
  const text = await store.read(file);
  if (text === undefined) return undefined;
  try {
    const { invitation, identity, tlsKey, request } = readObject(text);
    return {
      invitation: String(invitation),
      identity: String(identity),
      tlsKey: String(tlsKey),
      request: fromBinary(EnrollRequestSchema, fromBase64url(String(request))),
    };
  } catch {
    // It was not yet sent: an attempt is written whole before the first call.
    return undefined;
  }
}

/** It has its answer. */
export async function endAttempt(store: NodeStore): Promise<void> {
  await store.remove(file);
}
