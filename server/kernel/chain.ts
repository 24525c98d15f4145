import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { BasicConstraintsExtension, X509Certificate as Parsed } from "@peculiar/x509";
import { caHashOf } from "./invitation.ts";
import { nodeOfSpiffe, parseSpiffe, type SpiffeId } from "./spiffe.ts";

/** A server's chain that leads to one of our roots. Whether it holds now is judged apart. */
export interface HubChain {
  /** The only URI SAN of the leaf: spiffe://<trust domain>/hub/<hub>. */
  readonly spiffeId: string;
  readonly trustDomain: string;
  /** DER. */
  readonly root: Uint8Array;
  /** The time that leaf, intermediates and root have in common, in milliseconds since 1970. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** A node's chain that leads to one of our roots, shown by either end of a connection. */
export interface NodeChain {
  readonly trustDomain: string;
  readonly tenant: string;
  readonly nodeId: string;
  /** The time that all of the chain has in common, in milliseconds since 1970. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** Why a chain does not prove who it should. */
export class ChainRefused extends Error {
  override readonly name = "ChainRefused";
}

const chainLengthMax = 4;
const serverAuth = "1.3.6.1.5.5.7.3.1";

/**
 * Follows a presented chain, leaf first, to one of the given roots, and reads who the leaf is.
 * Every signature and every right to sign is checked; the order of intermediates does not matter.
 *
 * @throws ChainRefused
 */
export function followChain(
  presented: readonly Uint8Array[],
  roots: readonly Uint8Array[],
): HubChain {
  const { leaf, root, details } = provedPath(presented, roots);
  return { ...hubOf(leaf), root: new Uint8Array(root.raw), ...spanOf(details) };
}

/**
 * The same for the certificate of a node, with which it serves its peers as well as it calls them.
 *
 * @throws ChainRefused
 */
export function followNode(
  presented: readonly Uint8Array[],
  roots: readonly Uint8Array[],
): NodeChain {
  const { leaf, details } = provedPath(presented, roots);
  const { spiffeId, parsed } = idOf(leaf);
  const node = nodeOfSpiffe(parsed);
  if (node === undefined) throw new ChainRefused(`it is ${spiffeId}, and no node`);
  return { trustDomain: parsed.trustDomain, ...node, ...spanOf(details) };
}

/**
 * Whether a client's chain, leaf first, leads to one of the roots; when it holds is TLS's to say.
 *
 * @throws ChainRefused
 */
export function requirePath(presented: readonly Uint8Array[], roots: readonly Uint8Array[]): void {
  const { leaf, details } = provedPath(presented, roots);
  // Node calls one that may not sign certificates no authority, whatever it says of itself.
  const saysSo = details[0]?.getExtension(BasicConstraintsExtension)?.ca === true;
  if (leaf.ca || saysSo) throw new ChainRefused("its certificate is that of a signer");
}

/** Those of the candidates that an invitation's hash names. */
export function pinnedRoots(candidates: readonly Uint8Array[], caHash: string): Uint8Array[] {
  return candidates.filter((der) => caHashOf(spkiOf(parse(der))) === caHash);
}

/** Whether the chain holds at an instant of the hub's clock. */
export function holdsAt(
  chain: Pick<HubChain, "validFromMs" | "validToMs">,
  nowMs: number,
): boolean {
  return chain.validFromMs <= nowMs && nowMs <= chain.validToMs;
}

function provedPath(presented: readonly Uint8Array[], roots: readonly Uint8Array[]) {
  const [leaf, ...between] = presented.map(parse);
  if (leaf === undefined) throw new ChainRefused("it shows no certificate");
  const path = pathTo(leaf, between, roots.map(parse));
  const details = path.map((one) => new Parsed(one.raw));
  for (const [depth, signer] of details.slice(1).entries()) requireRoom(signer, depth);
  return { leaf, root: path.at(-1) ?? leaf, details };
}

function pathTo(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): X509Certificate[] {
  const path = [leaf];
  for (let at = leaf; path.length < chainLengthMax;) {
    const root = roots.find((one) => hasSigned(one, at));
    if (root !== undefined) return [...path, root];
    const next = between.find((one) => !path.includes(one) && hasSigned(one, at));
    if (next === undefined) break;
    path.push(next);
    at = next;
  }
  throw new ChainRefused("its certificate does not lead to the root we trust");
}

function hasSigned(signer: X509Certificate, signed: X509Certificate): boolean {
  return signer.ca && signed.checkIssued(signer) && signed.verify(signer.publicKey);
}

/** `depth` intermediates stand between the signer and the leaf (RFC 5280, section 4.2.1.9). */
function requireRoom(signer: Parsed, depth: number): void {
  const room = signer.getExtension(BasicConstraintsExtension)?.pathLength;
  if (room !== undefined && depth > room) throw new ChainRefused("a signer may not sign signers");
}

function spanOf(details: readonly Parsed[]): { validFromMs: number; validToMs: number } {
  return {
    validFromMs: Math.max(...details.map((one) => one.notBefore.getTime())),
    validToMs: Math.min(...details.map((one) => one.notAfter.getTime())),
  };
}

function hubOf(leaf: X509Certificate): { spiffeId: string; trustDomain: string } {
  const { spiffeId, parsed } = idOf(leaf);
  const [kind, ...rest] = parsed.segments;
  if (kind !== "hub" || rest.length !== 1) throw new ChainRefused(`it is ${spiffeId}, and no hub`);
  return { spiffeId, trustDomain: parsed.trustDomain };
}

function idOf(leaf: X509Certificate): { spiffeId: string; parsed: SpiffeId } {
  if (leaf.ca) throw new ChainRefused("its certificate is that of a signer");
  if (!(leaf.keyUsage ?? []).includes(serverAuth)) {
    throw new ChainRefused("its certificate is not for servers");
  }
  const spiffeId = onlyUri(leaf.subjectAltName ?? "");
  const parsed = spiffeId === undefined ? undefined : parseSpiffe(spiffeId);
  if (spiffeId === undefined || parsed === undefined) {
    throw new ChainRefused("its certificate names no SPIFFE id");
  }
  return { spiffeId, parsed };
}

/** Node quotes a name that holds a comma, so that nothing inside of it can pass for another one. */
function onlyUri(names: string): string | undefined {
  const uris = names.split(", ").filter((name) => name.startsWith("URI:"));
  const quoted = names.includes('"');
  return uris.length === 1 && !quoted ? uris[0]?.slice("URI:".length) : undefined;
}

function parse(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new ChainRefused("it shows something that is no certificate", { cause });
  }
}

function spkiOf(certificate: X509Certificate): Uint8Array {
  return new Uint8Array(certificate.publicKey.export({ type: "spki", format: "der" }));
}
