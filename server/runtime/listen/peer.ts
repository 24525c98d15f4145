/** PEM texts of a TLS endpoint. */
export interface TlsMaterial {
  readonly key: string;
  /** Leaf first, then the intermediates. */
  readonly chain: string;
  /** The roots whose clients are let in. */
  readonly roots: readonly string[];
}

/** The other side of one TLS session, parsed once. */
export interface Peer {
  readonly address: string;
  /** The only URI SAN; undefined when there is none or more than one. */
  readonly spiffeId: string | undefined;
  /** Hex, upper case as X.509 tools print it. */
  readonly serial: string;
  /** The end of the certificate, in milliseconds since 1970. */
  readonly expireMs: number;
  /** DER, leaf first, as the peer sent it. */
  readonly chain: readonly Uint8Array[];
}

/** The live connections of nodes. */
export interface Sessions {
  /** Cuts every session of a node at once; returns how many. */
  cut(spiffeId: string): number;
  /** How many sessions of a node are open. */
  of(spiffeId: string): number;
  /** Cuts every session of a trust domain at once; returns how many. */
  cutDomain(trustDomain: string): number;
  /** Cuts every session of a tenant's nodes at once; returns how many. */
  cutTenant(trustDomain: string, tenant: string): number;
  /** How many sessions are open. */
  count(): number;
}
