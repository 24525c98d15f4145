import { isIP } from "node:net";
import { webcrypto } from "node:crypto";
import type { JsonGeneralName } from "@peculiar/x509";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { Hub, Loop, TlsSource } from "../../runtime/capability.ts";
import type { TlsMaterial } from "../../runtime/listen/peer.ts";
import type { Authority } from "./authority.ts";
import { certificatePem, certify, chainPem, exportKey } from "./authority.ts";
import { newKeyPair, type Leaf } from "./certificate.ts";
import { toPem } from "./pem.ts";

/** How long a certificate of the hub itself is valid; it is renewed at half of that. */
export const hubCertificateMs = 86_400_000;

interface Kit extends Pick<Hub, "config" | "identity" | "world" | "log"> {
  readonly storage: Pick<Hub["storage"], "nowMs">;
}

/** The certificate that the hub shows on its node and join listeners, and what renews it. */
export async function openTls(
  hub: Kit,
  authority: Authority,
  lifetimeMs = hubCertificateMs,
): Promise<{ source: TlsSource; loop: Loop }> {
  const listeners = new Set<(material: TlsMaterial) => void>();
  let shown = await issue(hub, authority, lifetimeMs);
  const source: TlsSource = {
    current: () => shown.material,
    changed(callback) {
      listeners.add(callback);
      return () => void listeners.delete(callback);
    },
  };
  const loop: Loop = {
    name: "tls",
    async run(signal) {
      const { world, storage, log } = hub;
      while (!signal.aborted) {
        const leftMs = shown.leaf.expireMs - storage.nowMs();
        await world.timers.sleep(Math.max(0, leftMs - lifetimeMs / 2), signal);
        if (signal.aborted) return;
        shown = await issue(hub, authority, lifetimeMs);
        for (const tell of listeners) tell(shown.material);
        log.info("hub certificate renewed", { serial: shown.leaf.serial });
      }
    },
  };
  return { source, loop };
}

/** A new key each time: it lives in this process only. */
async function issue(
  { config, identity, storage, world }: Kit,
  authority: Authority,
  lifetimeMs: number,
): Promise<{ material: TlsMaterial; leaf: Leaf }> {
  const keys = await newKeyPair();
  const spki = new Uint8Array(await webcrypto.subtle.exportKey("spki", keys.publicKey));
  const subject = { spiffeId: identity.spiffeId, names: namesOf(config()), spki };
  const leaf = await certify(authority, subject, storage.nowMs(), lifetimeMs, world.random);
  const key = toPem("PRIVATE KEY", await exportKey(keys.privateKey));
  const material = {
    key,
    chain: chainPem(authority, leaf),
    roots: [certificatePem(authority.root)],
  };
  return { material, leaf };
}

/** The names and addresses that peers may call this hub by. */
export function namesOf({ host, publicHost }: HubConfig): JsonGeneralName[] {
  const unspecified = ["", "0.0.0.0", "::"];
  const called = [publicHost, host, "localhost", "127.0.0.1", "::1"];
  const names = new Set(called.filter((name) => !unspecified.includes(name)));
  return [...names].map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }));
}
