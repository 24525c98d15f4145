import { X509Certificate } from "node:crypto";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { beforeAll, expect, test } from "vitest";
import { ecKey, spkiOf } from "../../../tests/support/der.ts";
import type { Authority } from "./authority.ts";
import {
  authorityFromPem,
  authorityToPem,
  certify,
  makeIntermediate,
  makeRoot,
} from "./authority.ts";
import type { Issuer } from "./certificate.ts";

const { random } = realWorld;
const nowMs = realWorld.clock.now();
const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const spiffeId = "spiffe://foedus.test/tenant/main/node/node_1";
const subject = { spiffeId, names: [], spki: spkiOf(ecKey()) };

let root: Issuer;
let authority: Authority;
beforeAll(async () => {
  root = await makeRoot("foedus.test", nowMs, random);
  authority = await makeIntermediate(root, nowMs, random);
});

function read(der: ArrayBuffer | Uint8Array): X509Certificate {
  return new X509Certificate(new Uint8Array(der));
}

test("the root signs itself for ten years, and the intermediate for one", () => {
  const top = read(authority.root.rawData);
  const issuer = read(authority.issuer.certificate.rawData);
  expect(top.verify(top.publicKey) && issuer.verify(top.publicKey)).toBe(true);
  expect(issuer.checkIssued(top)).toBe(true);
  const lasts = (one: X509Certificate) => one.validToDate.getTime() - nowMs;
  expect(lasts(top) / yearMs).toBeCloseTo(10, 1);
  expect(lasts(issuer) / yearMs).toBeCloseTo(1, 2);
  expect(top.ca && issuer.ca).toBe(true);
});

test("a leaf proves one id on both ends of TLS, signs nothing, began a minute ago", async () => {
  const leaf = await certify(authority, subject, nowMs, hourMs, random);
  const read509 = read(leaf.certificate);
  expect(read509.checkIssued(read(authority.issuer.certificate.rawData))).toBe(true);
  expect(read509.subjectAltName).toBe(`URI:${spiffeId}`);
  expect(read509.ca).toBe(false);
  expect(read509.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  expect(read509.serialNumber).toBe(leaf.serial);
  expect(read509.validFromDate.getTime()).toBe(Math.floor((nowMs - 60_000) / 1_000) * 1_000);
  expect(read509.validToDate.getTime()).toBe(leaf.expireMs);
  expect(leaf.expireMs - nowMs).toBeGreaterThanOrEqual(hourMs);
  expect(leaf.expireMs - nowMs).toBeLessThan(hourMs + 1_000);
});

test("of a thousand serials none is twice, and each has 128 bits", async () => {
  const leaves = Array.from({ length: 1_000 }, () =>
    certify(authority, subject, nowMs, hourMs, random),
  );
  const serials = (await Promise.all(leaves)).map(({ serial }) => serial);
  expect(new Set(serials).size).toBe(1_000);
  expect(serials.filter((serial) => !/^[4-7][0-9A-F]{31}$/.test(serial))).toEqual([]);
});

test("a leaf does not outlive the intermediate, and an ended one issues none", async () => {
  const endMs = authority.issuer.certificate.notAfter.getTime();
  const late = await certify(authority, subject, endMs - 1_000, hourMs, random);
  expect(late.expireMs).toBe(endMs);
  const ended = certify(authority, subject, endMs, hourMs, random);
  const error = await ended.catch((reason: unknown) => reason);
  expect(error instanceof Fault && reasonName(error.reason)).toBe("CA_EXPIRED");
});

test("the authority survives its file, and a file that was changed is refused", async () => {
  const pem = await authorityToPem(authority);
  const again = await authorityFromPem(pem);
  expect(again.caHash).toBe(authority.caHash);
  const leaf = await certify(again, subject, nowMs, hourMs, random);
  const issuer = read(authority.issuer.certificate.rawData);
  expect(read(leaf.certificate).verify(issuer.publicKey)).toBe(true);
  const stranger = await makeRoot("foedus.test", nowMs, random);
  const foreign = await makeIntermediate(stranger, nowMs, random);
  const swapped = await authorityToPem({ ...authority, root: foreign.root });
  await expect(authorityFromPem(swapped)).rejects.toThrow(/did not sign/);
  const otherKey = { ...authority.issuer, key: foreign.issuer.key };
  const mixed = await authorityToPem({ ...authority, issuer: otherKey });
  await expect(authorityFromPem(mixed)).rejects.toThrow(/another key/);
  await expect(authorityFromPem(pem.slice(0, -200))).rejects.toThrow(
    /two certificates|ASN1|PEM|parse/i,
  );
});
