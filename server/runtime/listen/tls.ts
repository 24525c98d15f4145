import type { SecureContextOptions } from "node:tls";
import { tlsLimits } from "./limits.ts";
import type { TlsMaterial } from "./peer.ts";

/**
 * The secure context of a listener, for its start and each renewal: setSecureContext keeps nothing
 * of what it is not given again, the ban on tickets included.
 */
export function secureContext(material: TlsMaterial): SecureContextOptions {
  const { minVersion, secureOptions } = tlsLimits;
  const { key, chain, roots } = material;
  return { key, cert: chain, ca: [...roots], minVersion, secureOptions };
}
