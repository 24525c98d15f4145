import "reflect-metadata";
import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import { X509Certificate } from "@peculiar/x509";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { caHashOf } from "@foedus/kernel/invitation.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { Random } from "@foedus/kernel/world.ts";
import type { Issuer, Leaf, Subject } from "./certificate.ts";
import { algorithm, backdateMs, certifyIssuer, issueLeaf, newKeyPair } from "./certificate.ts";
import { fromPem, toPem } from "./pem.ts";

/** The hub's own CA as it runs: an intermediate that issues, below a root whose key is put away. */
export interface Authority {
  /** The intermediate. */
  readonly issuer: Issuer;
  readonly root: X509Certificate;
  /** What tokens and invitations carry: the short hash of the root's key. */
  readonly caHash: string;
}

const dayMs = 86_400_000;
const rootMs = 3_652 * dayMs;
const intermediateMs = 365 * dayMs;

/** A new root for a trust domain. Its key leaves this process only sealed. */
export async function makeRoot(domain: string, nowMs: number, random: Random): Promise<Issuer> {
  const keys = await newKeyPair();
  const span = { fromMs: nowMs - backdateMs, toMs: nowMs + rootMs };
  const certificate = await certifyIssuer(`foedus root of ${domain}`, keys, span, random);
  return { certificate, key: keys.privateKey };
}

/** A new intermediate below the root; it ends with the root at the latest. */
export async function makeIntermediate(
  root: Issuer,
  nowMs: number,
  random: Random,
): Promise<Authority> {
  const keys = await newKeyPair();
  const rootEndMs = root.certificate.notAfter.getTime();
  const span = { fromMs: nowMs - backdateMs, toMs: Math.min(nowMs + intermediateMs, rootEndMs) };
  const name = root.certificate.subject.replace(/^CN=foedus root/, "foedus issuer");
  const certificate = await certifyIssuer(name, keys, span, random, root);
  return authorityOf({ certificate, key: keys.privateKey }, root.certificate);
}

/** The authority as one PEM text: the intermediate's key, its certificate, the root's. */
export async function authorityToPem({ issuer, root }: Authority): Promise<string> {
  const key = await exportKey(issuer.key);
  const parts = [toPem("PRIVATE KEY", key), certificatePem(issuer.certificate)];
  return [...parts, certificatePem(root)].join("");
}

/** Reads such a text; throws when it is not whole, or the parts do not belong together. */
export async function authorityFromPem(text: string): Promise<Authority> {
  const [key, intermediate, top] = fromPem(text);
  if (key?.label !== "PRIVATE KEY" || intermediate === undefined || top === undefined) {
    throw new Error("it needs a private key and two certificates");
  }
  const issuer = {
    certificate: new X509Certificate(intermediate.der),
    key: await importKey(key.der),
  };
  const root = new X509Certificate(top.der);
  const vouched = await issuer.certificate.verify({ publicKey: root, signatureOnly: true });
  if (!vouched) throw new Error("the root in it did not sign the intermediate in it");
  const own = createPrivateKey({ key: Buffer.from(key.der), format: "der", type: "pkcs8" });
  const spki = createPublicKey(own).export({ format: "der", type: "spki" });
  if (!spki.equals(new Uint8Array(issuer.certificate.publicKey.rawData))) {
    throw new Error("the intermediate in it is for another key");
  }
  return authorityOf(issuer, root);
}

/** Certificates to show: the leaf's own, the intermediate, and the root, which a joiner pins. */
export function chainPem(authority: Authority, leaf: Leaf): string {
  const above = certificatePem(authority.issuer.certificate) + certificatePem(authority.root);
  return toPem("CERTIFICATE", leaf.certificate) + above;
}

/** A certificate as PEM. */
export function certificatePem(certificate: X509Certificate): string {
  return toPem("CERTIFICATE", new Uint8Array(certificate.rawData));
}

/**
 * Signs a leaf that is valid from a minute before now, by the hub's clock, and not beyond the
 * intermediate.
 *
 * @throws Fault CA_EXPIRED when the intermediate has ended.
 */
export async function certify(
  { issuer }: Authority,
  subject: Subject,
  nowMs: number,
  lifetimeMs: number,
  random: Random,
): Promise<Leaf> {
  const endMs = issuer.certificate.notAfter.getTime();
  if (endMs <= nowMs) throw new Fault(Reason.CA_EXPIRED, { time: utcText(endMs) });
  const span = { fromMs: nowMs - backdateMs, toMs: Math.min(nowMs + lifetimeMs, endMs) };
  return await issueLeaf(issuer, subject, span, random);
}

/** A private key as PKCS#8. */
export async function exportKey(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", key));
}

/** The private key of PKCS#8 bytes. */
export async function importKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  return await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
}

function authorityOf(issuer: Issuer, root: X509Certificate): Authority {
  return { issuer, root, caHash: caHashOf(new Uint8Array(root.publicKey.rawData)) };
}
