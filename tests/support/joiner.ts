// Somebody who wants to join: keys, a certificate request, and what it signs.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { Pkcs10CertificateRequestGenerator, PemConverter } from "@peculiar/x509";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { parseToken } from "@foedus/kernel/invitation.ts";
import { newSigningKey, signFor, type SigningKey } from "@foedus/kernel/signing.ts";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";
import { toPem } from "../../server/capabilities/identity/pem.ts";

/** A would-be node. */
export interface Joiner {
  readonly identity: SigningKey;
  /** PKCS#10, DER. */
  readonly csr: Uint8Array;
  /** The TLS key as PEM. */
  readonly key: string;
}

const p256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** New keys and a request for them. */
export async function newJoiner(identity = newSigningKey()): Promise<Joiner> {
  const keys = await webcrypto.subtle.generateKey(p256, true, ["sign", "verify"]);
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: "CN=joiner",
    keys,
    signingAlgorithm: p256,
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    identity,
    csr: new Uint8Array(csr.rawData),
    key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

let asked = 0;

/** A request id that no other test of the file has used. */
export function newRequestId(): string {
  asked += 1;
  return `request-${asked}`;
}

/** What enrolls the joiner with a token. */
export function enrollRequest({ identity, csr }: Joiner, token: string, name = "") {
  const bound = utf8(parseToken(token)?.id ?? "");
  return {
    requestId: newRequestId(),
    token,
    name,
    csr,
    identityKey: identity.publicKey,
    identityProof: signFor("enroll", identity, concat(sha256(csr), bound)),
  };
}

/** What renews the certificate of the one who signs. */
export function renewRequest({ identity, csr }: Joiner) {
  return {
    requestId: newRequestId(),
    csr,
    identityProof: signFor("renew", identity, sha256(csr)),
  };
}

/** What brings a node back, with a nonce of the hub. */
export function reenterRequest({ identity, csr }: Joiner, admission: Admission, nonce: Uint8Array) {
  const { tenant, nodeId } = admission;
  const identityProof = signFor("reenter", identity, concat(sha256(csr), nonce));
  return { requestId: newRequestId(), tenant, nodeId, csr, nonce, identityProof };
}

/** What the joiner shows in TLS once it is admitted. */
export function materialOf({ key }: Joiner, admission: Admission): TlsMaterial {
  const pem = (der: Uint8Array) => toPem("CERTIFICATE", der);
  const chain = (admission.certificate?.chain ?? []).map(pem).join("");
  return { key, chain, roots: (admission.bundle?.roots ?? []).map(pem) };
}

/** The admission of an answer that must hold one. */
export function admissionIn(answer: { readonly admission?: Admission }): Admission {
  if (answer.admission === undefined) throw new Error("the answer holds no admission");
  return answer.admission;
}
