/** Where an address leads: to another machine, to whoever dials it, or to nobody in particular. */
export type Reach = "elsewhere" | "here" | "nowhere";

const dotted = /^(\d+)\.(\d+)\.\d+\.\d+$/;

const loopback4 = 127;
/** Of 169.254, which is link-local. */
const [linkLocal4, linkLocal4Next] = [169, 254];
/** Multicast from here on, then reserved. */
const multicast4 = 224;

/** Of IPv6 the first bits say what it is: link-local and site-local, and multicast. */
const localMask = 0xff80;
const local6 = 0xfe80;
const multicast6 = 0xff00;

const hexadecimal = 16;
const groups6 = 8;
const mapped = 0xffff;
const byteBits = 8;
const byteMask = 0xff;

/**
 * Whether somebody who came over the loopback, or did not, may be sent there: a loopback address
 * leads anybody else to a machine of their own.
 */
export function mayDial(reach: Reach, isLocal: boolean): boolean {
  return reach === "elsewhere" || (reach === "here" && isLocal);
}

/** Where an IP address leads, IPv4 in IPv6 as well. */
export function reachOfIp(address: string): Reach {
  const [plain = ""] = address.split("%");
  const host = hostOf(plain.includes(":") ? `[${plain}]` : plain);
  return (host === undefined ? undefined : ipReach(host)) ?? "nowhere";
}

/**
 * Where host:port leads, as far as it can be told without asking anybody; a name may still lead
 * anywhere. Read as a URL is, for `127.1` and `0x7f000001` are the loopback too.
 */
export function reachOf(address: string): Reach {
  const host = hostOf(address);
  if (host === undefined) return "nowhere";
  const name = host.replace(/\.$/, "");
  if (name === "") return "nowhere";
  const isHere = name === "localhost" || name.endsWith(".localhost");
  return isHere ? "here" : (ipReach(host) ?? "elsewhere");
}

/** As URLs are written: numbers in decimal, IPv6 in brackets and as short as it goes. */
function hostOf(address: string): string | undefined {
  try {
    return new URL(`https://${address}`).hostname;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no IP address. */
function ipReach(host: string): Reach | undefined {
  const four = dotted.exec(host);
  if (four !== null) return reach4(Number(four[1]), Number(four[2]));
  return host.startsWith("[") ? reach6(groupsOf(host.slice(1, -1))) : undefined;
}

function reach4(first: number, second: number): Reach {
  if (first === loopback4) return "here";
  const isLinkLocal = first === linkLocal4 && second === linkLocal4Next;
  return first === 0 || first >= multicast4 || isLinkLocal ? "nowhere" : "elsewhere";
}

function reach6(groups: readonly number[]): Reach {
  const [first = 0] = groups;
  const last = groups.at(-1) ?? 0;
  const head = groups.slice(0, -2);
  const [high = 0] = groups.slice(-2);
  if (head.slice(0, -1).every((group) => group === 0)) {
    if (head.at(-1) === mapped) return reach4(high >> byteBits, high & byteMask);
    if (head.at(-1) === 0 && high === 0 && last <= 1) return last === 1 ? "here" : "nowhere";
  }
  const isNowhere = (first & localMask) === local6 || first >= multicast6;
  return isNowhere ? "nowhere" : "elsewhere";
}

function groupsOf(text: string): number[] {
  const [before = "", after] = text.split("::");
  const numbers = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, hexadecimal));
  if (after === undefined) return numbers(before);
  const [head, tail] = [numbers(before), numbers(after)];
  return [...head, ...Array<number>(groups6 - head.length - tail.length).fill(0), ...tail];
}
