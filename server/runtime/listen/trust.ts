import { ChainRefused, requirePath } from "@foedus/kernel/chain.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { Peer } from "./peer.ts";

const named = new WeakMap<Peer, string>();

/** The trust domain that a session's id names, read once a session: each message asks for it. */
export function domainOf(peer: Peer): string | undefined {
  const known = named.get(peer);
  if (known !== undefined) return known;
  const domain = parseSpiffe(peer.spiffeId ?? "")?.trustDomain;
  if (domain !== undefined) named.set(peer, domain);
  return domain;
}

/** Whose certificates are believed: each trust domain by its own roots, and by no others. */
export interface Trust {
  /** Trusts these roots (DER) for a domain from now on, and no others; undefined trusts none. */
  set(trustDomain: string, roots: readonly Uint8Array[] | undefined): void;
  /** The roots of all domains, as PEM: whose clients TLS lets in for us to look at. */
  roots(): readonly string[];
  /** Calls back after each change; returns how to stop that. */
  changed(callback: () => void): () => void;
  /**
   * Requires that the chain of a session leads to a root of the domain its id names. TLS knows one
   * pool of roots, in which any of them may vouch for anybody; here each vouches for its own.
   *
   * @throws Fault PEER_NOT_TRUSTED or CHAIN_FOREIGN.
   */
  require(peer: Peer): void;
}

interface Judged {
  readonly roots: readonly Uint8Array[];
  readonly fault: Fault | undefined;
}

/** Trusts nobody yet. */
export function openTrust(): Trust {
  const domains = new Map<string, readonly Uint8Array[]>();
  const callbacks = new Set<() => void>();
  // Signatures are followed once a session, and again when the domain's roots have changed.
  const sessions = new WeakMap<Peer, Judged>();
  return {
    set(trustDomain, roots) {
      const known = domains.get(trustDomain);
      if (roots === undefined && known === undefined) return;
      if (roots !== undefined && known !== undefined && sameRoots(known, roots)) return;
      if (roots === undefined) domains.delete(trustDomain);
      else domains.set(trustDomain, roots);
      for (const tell of callbacks) tell();
    },
    roots: () => [...domains.values()].flat().map(pemOf),
    changed(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    require(peer) {
      const { spiffeId } = peer;
      if (spiffeId === undefined) return;
      const trustDomain = domainOf(peer) ?? "";
      const roots = domains.get(trustDomain);
      if (roots === undefined) {
        throw new Fault(Reason.PEER_NOT_TRUSTED, { trust_domain: trustDomain });
      }
      let judged = sessions.get(peer);
      if (judged?.roots !== roots) {
        judged = { roots, fault: judge(peer, trustDomain, roots) };
        sessions.set(peer, judged);
      }
      if (judged.fault !== undefined) throw judged.fault;
    },
  };
}

function judge(
  { chain, spiffeId = "" }: Peer,
  trustDomain: string,
  roots: readonly Uint8Array[],
): Fault | undefined {
  try {
    requirePath(chain, roots);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof ChainRefused)) throw cause;
    const facts = { spiffe_id: spiffeId, trust_domain: trustDomain, detail: cause.message };
    return new Fault(Reason.CHAIN_FOREIGN, facts, { cause });
  }
}

function sameRoots(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return (
    some.length === others.length &&
    some.every((root, at) => Buffer.compare(root, others[at] ?? Buffer.alloc(0)) === 0)
  );
}

function pemOf(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
