import { BlockList, isIP } from "node:net";
import { hostname } from "node:os";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";

const everywhere = ["0.0.0.0", "::", ""];

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * The name others reach this hub by, in lower case as invitations and certificates carry it; one
 * that listens everywhere goes by the machine's name.
 */
export function publicHostOf({ publicHost, host }: HubConfig): string {
  const called = everywhere.includes(host) ? hostname() : host;
  return (publicHost === "" ? called : publicHost).toLowerCase();
}

/** Whether an address leads nowhere but to this machine. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, "").replace(/^localhost$/, "127.0.0.1");
  const version = isIP(plain);
  return version !== 0 && loopback.check(plain, version === 4 ? "ipv4" : "ipv6");
}

/** IPv6 addresses stand in brackets where a port follows. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
