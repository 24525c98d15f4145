import type { FoedusError } from "../error.ts";

/** What happens to a node's connection, for a log or a screen. */
export type Notice =
  /** The hub is connected, and proved. */
  | { readonly kind: "connected"; readonly address: string }
  /** It is not; the node tries again by itself. */
  | { readonly kind: "waiting"; readonly error: FoedusError; readonly againMs: number }
  /** A new certificate took the place of the old one. */
  | { readonly kind: "renewed"; readonly lifetimeMs: number }
  /** The certificate had lapsed, and the identity key got a new one. */
  | { readonly kind: "returned"; readonly lifetimeMs: number }
  /** The node is over: it was revoked, retired, or away for too long. */
  | { readonly kind: "ended"; readonly error: FoedusError };
