import { generateKeyPairSync } from "node:crypto";
import { concat, hex, utf8 } from "@foedus/kernel/bytes.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { craftCsr, der, ecKey, sequence, spkiOf } from "../../../tests/support/der.ts";
import { newJoiner } from "../../../tests/support/joiner.ts";
import { keyOfCsr } from "./csr.ts";
import { toPem } from "./pem.ts";

const key = ecKey();
const good = craftCsr({ key });
const spki = spkiOf(key);
const point = spki.slice(-64);

function verdict(csr: Uint8Array): string {
  try {
    keyOfCsr(csr);
    return "taken";
  } catch (error) {
    return error instanceof Fault ? reasonName(error.reason) : String(error);
  }
}

test("a request of another tool gives its key", async () => {
  const { csr } = await newJoiner();
  expect(keyOfCsr(csr)).toHaveLength(spki.length);
});

test("a P-256 request gives its key, as tools write it", () => {
  expect(hex(keyOfCsr(good))).toBe(hex(spki));
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const rsaSha256 = "300d06092a864886f70d01010b0500";
const p256Oid = Buffer.from("06082a8648ce3d030107", "hex");
const ecOid = Buffer.from("06072a8648ce3d0201", "hex");
const bits = (...parts: Uint8Array[]) => der(0x03, Uint8Array.of(0), ...parts);
const spkiWith = (keyBits: Uint8Array) => sequence(sequence(ecOid, p256Oid), bits(keyBits));
const ecdsa = (last: string) => `300a06082a8648ce3d0403${last}`;

test.each<[string, Uint8Array]>([
  ["an RSA key", craftCsr({ key: rsa, algorithm: rsaSha256 })],
  ["an RSA key, said to sign as P-256", craftCsr({ key: rsa })],
  ["an Ed25519 key", craftCsr({ key: ed25519, algorithm: "300506032b6570", hash: null })],
  ["a P-384 key", craftCsr({ key: ecKey("P-384") })],
  ["a P-521 key", craftCsr({ key: ecKey("P-521") })],
  ["a secp256k1 key", craftCsr({ key: ecKey("secp256k1") })],
  ["a compressed point", craftCsr({ key, spki: spkiWith(concat(Uint8Array.of(2), point)) })],
  ["the point at infinity", craftCsr({ key, spki: spkiWith(Uint8Array.of(0)) })],
  [
    "a point of zeros",
    craftCsr({
      key,
      spki: spkiWith(
        concat(
          Uint8Array.of(4),
          point.map(() => 0),
        ),
      ),
    }),
  ],
  [
    "a point off the curve",
    craftCsr({
      key,
      spki: spkiWith(
        concat(
          Uint8Array.of(4),
          point.map((b) => b ^ 1),
        ),
      ),
    }),
  ],
  [
    "a key without a curve",
    craftCsr({ key, spki: sequence(sequence(ecOid), bits(Uint8Array.of(4), point)) }),
  ],
  ["an empty key", craftCsr({ key, spki: sequence(sequence(ecOid, p256Oid), bits()) })],
  ["somebody else's key", craftCsr({ key, signer: ecKey() })],
  ["somebody else's RSA signature", craftCsr({ key, signer: rsa })],
  ["SHA-1", craftCsr({ key, hash: "sha1", algorithm: "300906072a8648ce3d0401" })],
  ["SHA-384", craftCsr({ key, hash: "sha384", algorithm: ecdsa("03") })],
  ["SHA-512", craftCsr({ key, hash: "sha512", algorithm: ecdsa("04") })],
  ["SHA-512, said to be SHA-256", craftCsr({ key, hash: "sha512" })],
  ["an unknown algorithm", craftCsr({ key, algorithm: "300506032a0304" })],
  ["nothing", new Uint8Array()],
  ["zeros", new Uint8Array(64)],
  ["an empty sequence", sequence()],
  ["only its inside", good.slice(4)],
  ["PEM", utf8(toPem("CERTIFICATE REQUEST", good))],
  ["hex", utf8(hex(good))],
  ["base64", utf8(Buffer.from(good).toString("base64"))],
  ["a byte behind it", concat(good, Uint8Array.of(0))],
  ["itself twice", concat(good, good)],
  ["a set in place of the sequence", Uint8Array.from(good, (byte, at) => (at === 0 ? 0x31 : byte))],
  ["a certificate's shape", sequence(good, good, good)],
  [
    "a nested bomb",
    Array.from({ length: 500 }).reduce<Uint8Array>((inner) => sequence(inner), sequence()),
  ],
])("a request with %s is refused", (_what, csr) => {
  expect(verdict(csr)).toBe("CSR_INVALID");
});

test("a request that is cut anywhere is refused", () => {
  for (let length = 0; length < good.length; length += 1) {
    expect(verdict(good.slice(0, length))).toBe("CSR_INVALID");
  }
});

test("a request with any bit changed is refused", () => {
  for (let at = 0; at < good.length; at += 1) {
    const bit = 1 << (at % 8);
    const flipped = Uint8Array.from(good, (byte, place) => (place === at ? byte ^ bit : byte));
    const answer = verdict(flipped);
    expect(answer, `byte ${at}, bit ${bit}`).toBe("CSR_INVALID");
  }
});

test("noise is refused, and never an accident", () => {
  const noise = fc.uint8Array({ maxLength: 600 });
  fc.assert(
    fc.property(noise, (bytes) => verdict(bytes) === "CSR_INVALID"),
    { numRuns: 500 },
  );
});

test("an honest request passes whatever else it asks for", () => {
  const asks = fc.array(
    fc.record({
      oid: fc.constantFrom("0603551d13", "0603551d11", "0603551d25", "0603551d0f"),
      value: fc.uint8Array({ maxLength: 200 }),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(asks, fc.string({ maxLength: 60 }), (extensions, commonName) => {
      const csr = craftCsr({ key, extensions, commonName });
      return verdict(csr) === "taken";
    }),
    { numRuns: 100 },
  );
});
