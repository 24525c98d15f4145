import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralName,
  type X509Certificate,
} from "@peculiar/x509";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { dateOf } from "@foedus/kernel/time.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** ECDSA on P-256: what every TLS stack speaks. */
export const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Who signs certificates: its own, and the private half of the key in it. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

/** From when until when, in milliseconds since 1970. X.509 knows whole seconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A certificate as issued. */
export interface Leaf {
  /** DER. */
  readonly certificate: Uint8Array;
  /** Hex, upper case as X.509 tools print it. */
  readonly serial: string;
  readonly expireMs: number;
  /** SHA-256 of the key's SubjectPublicKeyInfo. */
  readonly spkiHash: Uint8Array;
}

/** Clocks differ: what is issued now is valid from a minute ago. */
export const backdateMs = 60_000;

/** A new P-256 key pair whose private half can be stored. */
export async function newKeyPair(): Promise<CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** A certificate that signs certificates: a root by itself, or an intermediate below one. */
export async function certifyIssuer(
  name: string,
  keys: CryptoKeyPair,
  span: Span,
  random: Random,
  root?: Issuer,
): Promise<X509Certificate> {
  const above = root?.certificate.publicKey ?? keys.publicKey;
  return await X509CertificateGenerator.create({
    ...validity(span),
    serialNumber: newSerial(random),
    subject: `CN=${name}`,
    issuer: root?.certificate.subjectName ?? `CN=${name}`,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: root?.key ?? keys.privateKey,
    extensions: [
      // An intermediate signs leaves, and a root signs intermediates: nothing below that.
      new BasicConstraintsExtension(true, root === undefined ? 1 : 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(above),
    ],
  });
}

/** Whom a leaf vouches for: one SPIFFE id, and for servers the names they are called by. */
export interface Subject {
  readonly spiffeId: string;
  readonly names: readonly JsonGeneralName[];
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** Signs a leaf: it can prove who it is on both ends of TLS, and can sign no other certificate. */
export async function issueLeaf(
  issuer: Issuer,
  subject: Subject,
  span: Span,
  random: Random,
): Promise<Leaf> {
  const serialNumber = newSerial(random);
  const certificate = await X509CertificateGenerator.create({
    ...validity(span),
    serialNumber,
    subject: `CN=${subject.spiffeId.split("/").at(-1) ?? ""}`,
    issuer: issuer.certificate.subjectName,
    signingAlgorithm: algorithm,
    publicKey: subject.spki,
    signingKey: issuer.key,
    extensions: leafExtensions(issuer, subject),
  });
  return {
    certificate: new Uint8Array(certificate.rawData),
    serial: serialNumber.toUpperCase(),
    expireMs: certificate.notAfter.getTime(),
    spkiHash: sha256(subject.spki),
  };
}

function leafExtensions({ certificate }: Issuer, subject: Subject): Extension[] {
  const { serverAuth, clientAuth } = ExtendedKeyUsage;
  const signer = certificate.getExtension(SubjectKeyIdentifierExtension);
  if (signer === null) throw new Error("the issuer's certificate does not name its key");
  const id: JsonGeneralName = { type: "url", value: subject.spiffeId };
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([serverAuth, clientAuth]),
    new SubjectAlternativeNameExtension([id, ...subject.names]),
    new AuthorityKeyIdentifierExtension(signer.keyId),
  ];
}

function validity({ fromMs, toMs }: Span): { notBefore: Date; notAfter: Date } {
  const seconds = (ms: number) => dateOf(ms * 1_000);
  return {
    notBefore: seconds(Math.floor(fromMs / 1_000)),
    notAfter: seconds(Math.ceil(toMs / 1_000)),
  };
}

/** 128 bits whose first is 0 and second 1: positive, and of one length in every tool. */
function newSerial(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return hex(bytes);
}
