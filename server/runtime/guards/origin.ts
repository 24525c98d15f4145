import { isIP } from "node:net";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { publicHostOf } from "../listen/address.ts";
import type { Guard } from "./guard.ts";

/** The headers that tell which page a browser calls from. HTTP/2 says `:authority` for `host`. */
export interface PageHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site. */
  readonly site: string | undefined;
}

/** Refuses calls of other sites' pages and of rebound DNS names on the web listener. */
export function refuseForeignPages(config: () => HubConfig): Guard {
  return ({ door, header, host }) => {
    if (door !== "web") return;
    const fault = foreignPage(config(), {
      host,
      origin: header.get("origin") ?? undefined,
      site: header.get("sec-fetch-site") ?? undefined,
    });
    if (fault !== undefined) throw fault;
  };
}

/** Why the call does not come from our own page or a program; undefined when it does. */
export function foreignPage(config: HubConfig, page: PageHeaders): Fault | undefined {
  const { host, origin, site } = page;
  if (host === undefined || !isOurs(host, config)) return refused("Host", host ?? "(none)");
  if (origin !== undefined && origin.replace(/^https?:\/\//, "") !== host) {
    return refused("Origin", origin);
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return refused("Sec-Fetch-Site", site);
  }
  return undefined;
}

/** An address in digits cannot be a rebound name; of names only those we know are ours. */
function isOurs(host: string, config: HubConfig): boolean {
  const name = host.replace(/:\d{1,5}$/, "").toLowerCase();
  if (isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
  const ours = ["localhost", config.host, publicHostOf(config), ...config.webHosts];
  return ours.some((one) => one.toLowerCase() === name);
}

function refused(header: string, value: string): Fault {
  return new Fault(Reason.ORIGIN_REFUSED, { header, value: value.slice(0, 200) });
}
