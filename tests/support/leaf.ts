// Certificates that no honest authority would issue.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralName,
  type X509Certificate,
} from "@peculiar/x509";
import { toPem } from "../../server/capabilities/identity/pem.ts";
import type { Issuer } from "../../server/capabilities/identity/certificate.ts";

/** How a certificate differs from a good leaf. */
export interface Flaw {
  readonly names?: readonly JsonGeneralName[];
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** Extended key usages; undefined for none at all. */
  readonly usages?: readonly string[] | undefined;
  readonly keyUsage?: number;
  readonly curve?: string;
}

/** A certificate and the key it is for. */
export interface Minted {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

const clientAuth = "1.3.6.1.5.5.7.3.2";
const hourMs = 3_600_000;
const digitalSignature = 1;
const p256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Signs whatever is asked for; without an issuer the certificate signs itself. */
export async function mint(
  issuer: Issuer | undefined,
  subject: string,
  flaw: Flaw,
): Promise<Minted> {
  const algorithm = { ...p256, namedCurve: flaw.curve ?? "P-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomBytes(16).toString("hex").replace(/^./, "4"),
    subject: `CN=${subject}`,
    issuer: issuer?.certificate.subjectName ?? `CN=${subject}`,
    notBefore: new Date(flaw.fromMs ?? now - hourMs),
    notAfter: new Date(flaw.toMs ?? now + hourMs),
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    signingAlgorithm: issuer === undefined ? algorithm : p256,
    extensions: extensionsOf(flaw),
  });
  return { certificate, key: keys.privateKey };
}

function extensionsOf(flaw: Flaw): Extension[] {
  const { names = [], ca = false, pathLength, keyUsage = digitalSignature } = flaw;
  const usages = "usages" in flaw ? flaw.usages : [clientAuth];
  return [
    new BasicConstraintsExtension(ca, pathLength, true),
    new KeyUsagesExtension(keyUsage, true),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension([...names])]),
    ...(usages === undefined ? [] : [new ExtendedKeyUsageExtension([...usages])]),
  ];
}

/** What TLS shows: key, leaf, and what stands above it. */
export async function shown(leaf: Minted, above: readonly X509Certificate[]) {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", leaf.key);
  const chain = [leaf.certificate, ...above].map(pemOf).join("");
  return { key: toPem("PRIVATE KEY", new Uint8Array(pkcs8)), chain };
}

function pemOf(certificate: X509Certificate): string {
  return toPem("CERTIFICATE", new Uint8Array(certificate.rawData));
}
