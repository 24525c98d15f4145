import { BlockList, isIP } from "node:net";

/** Where an address leads: to another machine, to whoever dials it, or to nobody in particular. */
export type Reach = "elsewhere" | "here" | "nowhere";

const here = new BlockList();
here.addSubnet("127.0.0.0", 8, "ipv4");
here.addAddress("::1", "ipv6");

/** Unspecified, link-local, multicast and reserved: no machine is reached by them from any other. */
const nowhere = new BlockList();
nowhere.addSubnet("0.0.0.0", 8, "ipv4");
nowhere.addSubnet("169.254.0.0", 16, "ipv4");
nowhere.addSubnet("224.0.0.0", 4, "ipv4");
nowhere.addSubnet("240.0.0.0", 4, "ipv4");
nowhere.addAddress("::", "ipv6");
nowhere.addSubnet("fe80::", 10, "ipv6");
nowhere.addSubnet("fec0::", 10, "ipv6");
nowhere.addSubnet("ff00::", 8, "ipv6");

const version6 = 6;

/** Where an IP address leads, IPv4 in IPv6 as well. */
export function reachOfIp(address: string): Reach {
  const [plain = ""] = address.split("%");
  const version = isIP(plain);
  if (version === 0) return "nowhere";
  const family = version === version6 ? "ipv6" : "ipv4";
  if (here.check(plain, family)) return "here";
  return nowhere.check(plain, family) ? "nowhere" : "elsewhere";
}

/**
 * Where host:port leads, as far as it can be told without asking anybody; a name may still lead
 * anywhere. Read as a URL is, for `127.1` and `0x7f000001` are the loopback too.
 */
export function reachOf(address: string): Reach {
  const host = hostOf(address);
  if (host === undefined) return "nowhere";
  if (isIP(host) !== 0) return reachOfIp(host);
  const name = host.replace(/\.$/, "");
  if (name === "") return "nowhere";
  return name === "localhost" || name.endsWith(".localhost") ? "here" : "elsewhere";
}

function hostOf(address: string): string | undefined {
  try {
    return new URL(`https://${address}`).hostname.replace(/^\[(.*)\]$/, "$1");
  } catch {
    return undefined;
  }
}
