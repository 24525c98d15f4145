// Certificates for tests: a root, an intermediate and a leaf, each as wrong as a test wants it.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import type { Extension, JsonGeneralNames, X509Certificate } from "@peculiar/x509";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from "@peculiar/x509";

/** A certificate with the key it is for. */
export interface Made {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
}

/** How a certificate differs from a good one. */
export interface Wish {
  readonly name?: string;
  readonly ca?: boolean;
  readonly room?: number;
  readonly usage?: KeyUsageFlags;
  readonly names?: JsonGeneralNames;
  /** Extended key usage, by object id. */
  readonly purposes?: string[];
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** An instant at which good certificates hold. */
export const noonMs = Date.UTC(2026, 10, 21, 12);
export const hourMs = 3_600_000;
export const hubId = "spiffe://hub.test/hub/one";
export const serverAuth = "1.3.6.1.5.5.7.3.1";
export const clientAuth = "1.3.6.1.5.5.7.3.2";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
let serial = 0;

cryptoProvider.set(webcrypto);

/** A signer below another one; a root without. */
export async function signer(by: Made | undefined, wish: Wish = {}): Promise<Made> {
  const { ca = true, room = by === undefined ? 1 : 0, usage = KeyUsageFlags.keyCertSign } = wish;
  const name = wish.name ?? (by === undefined ? "root" : "intermediate");
  return made(by, { ...wish, name }, [
    new BasicConstraintsExtension(ca, ca ? room : undefined, true),
    new KeyUsagesExtension(usage, true),
  ]);
}

/** The certificate of a server. */
export async function leaf(by: Made, wish: Wish = {}): Promise<Made> {
  const { names = [{ type: "url", value: hubId }], purposes = [serverAuth, clientAuth] } = wish;
  return made(by, { ...wish, name: wish.name ?? "hub" }, [
    new BasicConstraintsExtension(wish.ca ?? false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(purposes),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
  ]);
}

/** DER of each. */
export function der(...all: readonly Made[]): Uint8Array[] {
  return all.map(({ certificate }) => new Uint8Array(certificate.rawData));
}

async function made(by: Made | undefined, wish: Wish, extensions: Extension[]): Promise<Made> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  serial += 1;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString(16).padStart(4, "0"),
    subject: `CN=${wish.name}`,
    issuer: by === undefined ? `CN=${wish.name}` : by.certificate.subject,
    notBefore: new Date(wish.fromMs ?? noonMs - hourMs),
    notAfter: new Date(wish.toMs ?? noonMs + hourMs),
    publicKey: keys.publicKey,
    signingKey: (by ?? { keys }).keys.privateKey,
    signingAlgorithm: algorithm,
    extensions,
  });
  return { certificate, keys };
}
