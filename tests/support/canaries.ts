// Made-up addresses, numbers and secrets that must not get anywhere, from one seed.
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";

/** A text that holds something of somebody's, and that something. */
export interface Canary {
  readonly shape: string;
  readonly text: string;
  readonly needle: string;
}

/** Printed by nobody: change it, and other canaries are made. */
const seed = 20_261_121;

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const encoded = (size: number, encoding: BufferEncoding) =>
  bytes(size).map((some) => Buffer.from(some).toString(encoding));
const letters = (from: string, size: number) =>
  fc
    .array(fc.constantFrom(...from.split("")), { minLength: size, maxLength: size })
    .map((some) => some.join(""));

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const lower = "0123456789abcdefghjkmnpqrstvwxyz";
const digits = "0123456789";

const jwt = fc
  .tuple(fc.record({ sub: fc.emailAddress(), n: fc.nat() }), encoded(32, "base64url"))
  .map(([claims, signature]) => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "EdDSA", typ: "JWT" })}.${part(claims)}.${signature}`;
  });

const international = fc
  .tuple(fc.constantFrom("+49", "+1", "+44", "0033"), letters(digits, 3), letters(digits, 7))
  .chain(([country, area, own]) =>
    fc.constantFrom(
      `${country}${area}${own}`,
      `${country} ${area} ${own}`,
      `${country} (${area}) ${own.slice(0, 3)}-${own.slice(3)}`,
      `${country}-${area}-${own.slice(0, 3)}-${own.slice(3)}`,
    ),
  );

const local = fc
  .tuple(letters(digits, 3), letters(digits, 7))
  .chain(([area, own]) =>
    fc.constantFrom(
      `(${area}) ${own.slice(0, 3)}-${own.slice(3)}`,
      `${area}-${own.slice(0, 3)}-${own.slice(3)}`,
      `01${area.slice(1)} ${own}`,
    ),
  );

/** A key of its own would take a second for each; the shape is the same. */
const pem = encoded(48, "base64").map((body) => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const [first = "", , last = ""] = privateKey
    .export({ type: "pkcs8", format: "pem" })
    .toString()
    .trim()
    .split("\n");
  return { whole: `${first}\n${body}\n${last}`, needle: body };
});

const shapes: Readonly<Record<string, fc.Arbitrary<string | { whole: string; needle: string }>>> = {
  "e-mail": fc.emailAddress(),
  "phone abroad": international,
  "phone at home": local,
  jwt,
  pem,
  "api key": fc
    .tuple(fc.constantFrom("fk_", "ghp_", "glpat-", "npm_", "sk-"), letters(alnum, 36))
    .map((parts) => parts.join("")),
  "join token": fc
    .tuple(letters(lower, 26), encoded(32, "base64url"), encoded(16, "base64url"))
    .map(([id, secret, hash]) => ({ whole: `fjt_${id}.${secret}.${hash}`, needle: secret })),
  "cloud key": fc
    .tuple(fc.constantFrom("AKIA", "ASIA"), letters(upper, 16))
    .map((parts) => parts.join("")),
  "hex secret": fc.constantFrom(16, 20, 32, 64).chain((size) => encoded(size, "hex")),
  "base64 secret": fc.constantFrom(30, 32, 64).chain((size) => encoded(size, "base64")),
  "base64url secret": fc.constantFrom(32, 48).chain((size) => encoded(size, "base64url")),
  "password in a URL": letters(alnum, 12).map((own) => ({
    whole: `postgres://app:${own}@db.internal:5432/x`,
    needle: own,
  })),
  "password in a line": letters(alnum, 10).map((own) => ({
    whole: `password=${own}`,
    needle: own,
  })),
  bearer: letters(alnum, 24).map((own) => ({ whole: `Authorization: Bearer ${own}`, needle: own })),
};

/** What stands around it. */
const around: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `ask ${text} why`,
  (text) => `(${text})`,
  (text) => `see "${text}", then go on`,
  (text) => `first line\n${text}`,
];

/** The names of all shapes. */
export const canaryShapes: readonly string[] = Object.keys(shapes);

/** So many of a shape, each in words of its own; always the same ones. */
export function canaries(shape: string, count: number): Canary[] {
  const some = shapes[shape];
  if (some === undefined) throw new Error(`no canary has the shape ${shape}`);
  return fc.sample(some, { seed, numRuns: count }).map((one, at) => {
    const { whole, needle } = typeof one === "string" ? { whole: one, needle: one } : one;
    return { shape, needle, text: around[at % around.length]?.(whole) ?? whole };
  });
}
