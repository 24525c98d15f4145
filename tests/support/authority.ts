// A certificate authority of a test: a root, an intermediate, and leaves of any lifetime.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";

/** What a leaf says. */
export interface LeafOptions {
  readonly uris?: readonly string[];
  readonly hosts?: readonly string[];
  readonly lifetimeMs?: number;
}

/** Issues leaves below one root. */
export interface TestAuthority {
  readonly root: string;
  issue(options: LeafOptions): Promise<TlsMaterial>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

x509.cryptoProvider.set(webcrypto as never);

/** Makes a root and an intermediate. */
export async function makeAuthority(name = "test"): Promise<TestAuthority> {
  const rootKeys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name} root`,
    keys: rootKeys,
    signingAlgorithm: algorithm,
    ...validFor(dayMs),
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const keys = await newKeys();
  const intermediate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name} intermediate`,
    issuer: root.subject,
    publicKey: keys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validFor(dayMs),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const rootPem = root.toString("pem");
  return {
    root: rootPem,
    async issue({ uris = [], hosts = [], lifetimeMs = dayMs }) {
      const own = await newKeys();
      const names = [
        ...uris.map((value) => ({ type: "url" as const, value })),
        ...hosts.map((value) => ({ type: "dns" as const, value })),
      ];
      const leaf = await x509.X509CertificateGenerator.create({
        subject: "CN=leaf",
        issuer: intermediate.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        ...validFor(lifetimeMs),
        extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)],
      });
      const chain = `${leaf.toString("pem")}\n${intermediate.toString("pem")}\n`;
      return { key: await pemOf(own.privateKey), chain, roots: [rootPem] };
    },
  };
}

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validFor(lifetimeMs: number) {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + lifetimeMs) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}
