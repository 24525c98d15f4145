import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { concat, utf8 } from "./bytes.ts";
import { sha256 } from "./digest.ts";

/** An Ed25519 key that signs for a node or a hub (RFC 8032). */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What a signature is for; it stands before the signed bytes, so none fits another purpose. */
export type Purpose = "event" | "enroll" | "reenter" | "renew" | "segment" | "membership";

const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** A new Ed25519 key pair. */
export function newSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync("ed25519").privateKey);
}

/** The key whose private half is stored as PKCS#8 PEM. */
export function signingKeyFromPem(pem: string): SigningKey {
  return signingKeyOf(createPrivateKey(pem));
}

/** PKCS#8 PEM of the private half. */
export function signingKeyToPem(key: SigningKey): string {
  return key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Signs "foedus.<purpose>.v1\n" and the bytes. */
export function signFor(purpose: Purpose, key: SigningKey, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, prefixed(purpose, bytes), key.privateKey));
}

/** Whether the signature over "foedus.<purpose>.v1\n" and the bytes is the key's; never throws. */
export function isSignedFor(
  purpose: Purpose,
  publicKey: KeyObject,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  return signature.length === 64 && verify(null, prefixed(purpose, bytes), publicKey, signature);
}

/** The verifying key of 32 raw bytes; undefined when they are no key. */
export function verifyingKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== 32) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), type: "spki", format: "der" });
  } catch {
    return undefined;
  }
}

/** How an event names its key: the first 8 bytes of sha256 of the public key. */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, 8);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return { privateKey, publicKey: new Uint8Array(spki.subarray(spkiPrefix.length)) };
}

function prefixed(purpose: Purpose, bytes: Uint8Array): Uint8Array {
  return concat(utf8(`foedus.${purpose}.v1\n`), bytes);
}
