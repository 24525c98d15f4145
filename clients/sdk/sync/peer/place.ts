import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { mayDial, reachOf } from "@foedus/kernel/reach.ts";
import { FoedusError } from "../../error.ts";

/** Where to listen. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const loopback = "127.0.0.1";
const portMax = 65_535;
const everywhere = new Set(["0.0.0.0", "::"]);

/**
 * Reads `host:port`, or a port alone, which is this machine's only.
 *
 * @throws FoedusError SYNC_PEERS_NOT_SERVED
 */
export function placeOf(listen: string): Place {
  const [, host = "", port = ""] = /^(?:(.*):)?(\d{1,5})$/.exec(listen) ?? [];
  if (port === "" || Number(port) > portMax) throw notServed(listen, "it is no host:port");
  return { host: host.replace(/^\[(.*)\]$/, "$1") || loopback, port: Number(port) };
}

/**
 * What others are told.
 *
 * @throws FoedusError SYNC_PEERS_NOT_SERVED when it listens everywhere and nobody said under which
 * name.
 */
export function addressOf({ host }: Place, port: number, told: string | undefined): string {
  if (told !== undefined) return told;
  if (everywhere.has(host)) {
    throw notServed(`${host}:${port}`, "say as `address` under which host:port others reach it");
  }
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** @throws FoedusError SYNC_PEER_ADDRESS_REFUSED for where no peer listens. */
export function requireElsewhere(address: string, isLocal: boolean): void {
  const reach = reachOf(address);
  if (mayDial(reach, isLocal)) return;
  const detail = reach === "here" ? "that is this machine" : "that leads nowhere";
  throw new FoedusError(Reason.SYNC_PEER_ADDRESS_REFUSED, { address, detail });
}

/** Peers cannot be served there. */
export function notServed(address: string, detail: string, cause?: unknown): FoedusError {
  return new FoedusError(Reason.SYNC_PEERS_NOT_SERVED, { address, detail }, { cause });
}
