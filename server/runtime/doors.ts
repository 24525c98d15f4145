import { fileURLToPath } from "node:url";
import type { TlsSource } from "./capability.ts";
import type { Core, HubParts } from "./core.ts";
import { isLoopback } from "./listen/address.ts";
import type { DoorOptions, Listener } from "./listen/listener.ts";
import { trustingTls } from "./listen/trust.tls.ts";
import { openJoinListener, openNodeListener } from "./listen/node.ts";
import { findPageFiles } from "./listen/page.files.ts";
import type { Sessions } from "./listen/peer.ts";
import { openWebListener } from "./listen/web.ts";

/** The hub's listeners. Node and join are missing when no capability brings a certificate. */
export interface Doors {
  readonly node: Listener | undefined;
  readonly join: Listener | undefined;
  readonly web: Listener;
  readonly all: readonly Listener[];
  /** The live connections of nodes. */
  readonly sessions: Sessions;
}

const builtPage = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** Opens all three; those that opened are closed again when one cannot. */
export async function openDoors(parts: HubParts, core: Core): Promise<Doors> {
  const config = parts.settings.current();
  const { registry, gate, kit, meters, authenticators, draining } = core;
  const options: DoorOptions = { registry, gate, kit, config };
  const tls = core.tiers.running().find((one) => one.tls !== undefined)?.tls;
  const pages = {
    files: findPageFiles(config.webRoot === "" ? builtPage : config.webRoot),
    config: parts.settings.current,
    authenticators,
    meters: meters.text,
    isDraining: () => draining.signal.aborted,
  };
  const trusting = tls && trustingTls(tls, core.trust, parts.identity.trustDomain);
  const secure = tls && trusting ? openSecure(options, tls, trusting) : [];
  const opening = [openWebListener(options, pages), ...secure];
  const settled = await Promise.allSettled(opening);
  const all = settled.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  const failed = settled.find((one) => one.status === "rejected");
  const [web, node, join] = all;
  if (failed !== undefined || web === undefined) {
    for (const listener of all) listener.destroy();
    throw failed?.reason ?? new Error("no listener");
  }
  if (config.webCertificateFile === "" && !isLoopback(config.host)) {
    parts.log.warn(
      "the web listener has no TLS: put a proxy before it, or set web_certificate_file",
    );
  }
  noteGauges(core, { web, node, join });
  return { web, node, join, all, sessions: sessionsOf(node) };
}

function openSecure(options: DoorOptions, tls: TlsSource, node: TlsSource): Promise<Listener>[] {
  return [openNodeListener(options, node), openJoinListener(options, tls)];
}

function sessionsOf(node: Listener | undefined): Sessions {
  return {
    cut: (spiffeId) => node?.sessions.cut(spiffeId) ?? 0,
    cutDomain: (trustDomain) => node?.sessions.cutDomain(trustDomain) ?? 0,
    cutTenant: (trustDomain, tenant) => node?.sessions.cutTenant(trustDomain, tenant) ?? 0,
    of: (spiffeId) => node?.sessions.of(spiffeId) ?? 0,
    count: () => node?.sessions.count() ?? 0,
  };
}

function noteGauges(
  { meters, lag }: Core,
  doors: Readonly<Record<string, Listener | undefined>>,
): void {
  const each = (read: (listener: Listener) => number) => () =>
    Object.entries(doors).flatMap(([listener, door]) =>
      door === undefined ? [] : [[read(door), { listener }] as const],
    );
  meters.gauge(
    "foedus_connection",
    "Open connections.",
    each((door) => door.connections()),
  );
  meters.gauge(
    "foedus_session",
    "Open HTTP/2 sessions.",
    each((door) => door.sessions.count()),
  );
  meters.gauge(
    "foedus_call",
    "Calls under way.",
    each((door) => door.calls()),
  );
  meters.gauge("foedus_event_loop_lag_ms", "How late the event loop was.", () => [[lag.ms(), {}]]);
}
