import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { Peer } from "./peer.ts";

/** A chain longer than this is none of ours. */
const chainMax = 8;

/**
 * Reads who the other side of a TLS session is; never throws. Called once for a session, before
 * anything else asks for its certificate: Node hands the intermediates out only the first time.
 */
export function readPeer(socket: Pick<TLSSocket, "getPeerCertificate">, address: string): Peer {
  const nobody = { address, spiffeId: undefined, serial: "", expireMs: 0, chain: [] };
  try {
    const chain = chainOf(socket.getPeerCertificate(true));
    const [first] = chain;
    if (first === undefined) return nobody;
    const leaf = new X509Certificate(first);
    return {
      address,
      spiffeId: spiffeIdIn(leaf.subjectAltName ?? ""),
      serial: leaf.serialNumber,
      expireMs: leaf.validToDate.getTime(),
      chain,
    };
  } catch {
    return nobody;
  }
}

/** The only URI among the names, if it is a SPIFFE id; undefined as soon as anything is odd. */
export function spiffeIdIn(subjectAltName: string): string | undefined {
  const name = /(?:^|, )([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^,"]*)/y;
  const uris: string[] = [];
  while (name.lastIndex < subjectAltName.length) {
    const [, kind, value] = name.exec(subjectAltName) ?? [];
    if (kind === undefined || value === undefined) return undefined;
    if (kind === "URI") uris.push(value);
  }
  const [uri, ...others] = uris;
  if (uri === undefined || others.length > 0) return undefined;
  return parseSpiffe(uri) === undefined ? undefined : uri;
}

function chainOf(leaf: DetailedPeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (at?.raw !== undefined && chain.length < chainMax) {
    chain.push(new Uint8Array(at.raw));
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return chain;
}
