// DER by hand, for certificate requests that no tool would make.
import type { KeyObject } from "node:crypto";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";

/** One DER value. */
export function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag), lengthOf(content.length), content);
}

function lengthOf(length: number): Uint8Array {
  if (length < 128) return Uint8Array.of(length);
  return length < 256
    ? Uint8Array.of(0x81, length)
    : Uint8Array.of(0x82, length >> 8, length & 255);
}

/** SEQUENCE. */
export function sequence(...parts: Uint8Array[]): Uint8Array {
  return der(0x30, ...parts);
}

const ecdsaSha256 = "300a06082a8648ce3d040302";

/** How a request differs from a good one. */
export interface Crafted {
  readonly key?: KeyObject;
  /** The SubjectPublicKeyInfo in it; the signing key's own unless given. */
  readonly spki?: Uint8Array;
  /** The AlgorithmIdentifier of the signature, hex. */
  readonly algorithm?: string;
  readonly hash?: string | null;
  /** The extensions asked for: OID (hex) and value. */
  readonly extensions?: readonly { readonly oid: string; readonly value: Uint8Array }[];
  readonly commonName?: string;
  /** Signs; the key itself unless given. */
  readonly signer?: KeyObject;
}

/** A new key on a curve. */
export function ecKey(namedCurve = "P-256"): KeyObject {
  return generateKeyPairSync("ec", { namedCurve }).privateKey;
}

/** A PKCS#10, put together by hand. */
export function craftCsr(crafted: Crafted = {}): Uint8Array {
  const key = crafted.key ?? ecKey();
  const spki = crafted.spki ?? spkiOf(key);
  const { algorithm = ecdsaSha256, commonName = "joiner", hash = "sha256" } = crafted;
  const name = sequence(
    der(0x31, sequence(Buffer.from("0603550403", "hex"), der(0x0c, utf8(commonName)))),
  );
  const info = sequence(der(0x02, Uint8Array.of(0)), name, spki, attributes(crafted.extensions));
  const signature = new Uint8Array(sign(hash, info, crafted.signer ?? key));
  return sequence(info, Buffer.from(algorithm, "hex"), der(0x03, Uint8Array.of(0), signature));
}

/** SubjectPublicKeyInfo of a private key's other half. */
export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" }));
}

function attributes(extensions: Crafted["extensions"] = []): Uint8Array {
  if (extensions.length === 0) return der(0xa0);
  const asked = extensions.map(({ oid, value }) =>
    sequence(Buffer.from(oid, "hex"), der(0x04, value)),
  );
  const extensionRequest = Buffer.from("06092a864886f70d01090e", "hex");
  return der(0xa0, sequence(extensionRequest, der(0x31, sequence(...asked))));
}
