import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { Pkcs10CertificateRequestGenerator, cryptoProvider } from "@peculiar/x509";

/** A new key for TLS, and the request to certify it. */
export interface TlsKey {
  /** PKCS#8 PEM. */
  readonly pem: string;
  /** PKCS#10, DER. The hub takes the public key from it and nothing else. */
  readonly csr: Uint8Array;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Makes a P-256 key and its certificate request. */
export async function newTlsKey(): Promise<TlsKey> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: "CN=foedus node",
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { pem: pem("PRIVATE KEY", new Uint8Array(pkcs8)), csr: new Uint8Array(request.rawData) };
}

/** PEM of DER (RFC 7468). */
export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replaceAll(/.{64}(?!$)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
