import { X509Certificate } from "node:crypto";
import type { TlsSource } from "../capability.ts";
import type { TlsMaterial } from "./peer.ts";
import type { Trust } from "./trust.ts";

/**
 * What the node listener shows and lets in: the hub's own certificate, and clients of every domain
 * that is trusted. The hub's own roots vouch for its own domain alone.
 */
export function trustingTls(tls: TlsSource, trust: Trust, ownDomain: string): TlsSource {
  const trustOwn = ({ roots }: TlsMaterial) => trust.set(ownDomain, roots.map(derOf));
  trustOwn(tls.current());
  const current = () => ({ ...tls.current(), roots: trust.roots() });
  return {
    current,
    changed(callback) {
      const forgetOwn = tls.changed((material) => {
        trustOwn(material);
        callback(current());
      });
      const forgetOthers = trust.changed(() => callback(current()));
      return () => {
        forgetOwn();
        forgetOthers();
      };
    },
  };
}

function derOf(pem: string): Uint8Array {
  return new Uint8Array(new X509Certificate(pem).raw);
}
