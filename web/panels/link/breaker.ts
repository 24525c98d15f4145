import { BreakerState, type Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type { IconName } from "../../parts/icon.tsx";
import { roundTripText, unknown } from "../../parts/measure.ts";

/** How a breaker is told. */
export interface BreakerLook {
  readonly word: string;
  readonly icon: IconName;
  readonly text: string;
}

const looks: Readonly<Record<BreakerState, BreakerLook>> = {
  [BreakerState.UNSPECIFIED]: { word: unknown, icon: "retired", text: "text-muted" },
  [BreakerState.CLOSED]: { word: "closed: calls pass", icon: "online", text: "text-online" },
  [BreakerState.OPEN]: { word: "open: calls fail at once", icon: "offline", text: "text-offline" },
  [BreakerState.HALF_OPEN]: {
    word: "half open: one call tries",
    icon: "degraded",
    text: "text-degraded",
  },
};

/** What the word says without its explanation. */
export function breakerWord(state: BreakerState): string {
  return breakerLook(state).word.split(":")[0] ?? unknown;
}

/** How a breaker stands. */
export function breakerLook(state: BreakerState): BreakerLook {
  return looks[state] ?? looks[BreakerState.UNSPECIFIED];
}

/** Where the latency goes: a word, an arrow and by how much. */
export interface Trend {
  readonly icon: IconName;
  readonly word: "slower" | "faster" | "steady";
  readonly by: string;
}

/** A change below a twentieth of the mean is noise. */
const noise = 0.05;

/** Reads the trend of a link; undefined where there is none yet. */
export function trendOf(link: Link): Trend | undefined {
  const { roundTripTrendUs: trend, roundTripMeanUs: mean } = link;
  if (trend === undefined || mean === undefined) return undefined;
  const magnitude = trend < 0n ? -trend : trend;
  const by = roundTripText(magnitude);
  if (Number(magnitude) <= Number(mean) * noise) return { icon: "minus", word: "steady", by };
  return trend > 0n ? { icon: "up", word: "slower", by } : { icon: "down", word: "faster", by };
}

/** What can be sorted by. */
export const linkKeys = ["name", "live", "latency", "errors", "bytes", "heals"] as const;
export type LinkKey = (typeof linkKeys)[number];

/** Sorted by a key; links without a value come last either way. */
export function sortLinks(links: readonly Link[], key: LinkKey, descending: boolean): Link[] {
  const sign = descending ? -1 : 1;
  return links.toSorted((one, other) => {
    const left = valueOf(one, key);
    const right = valueOf(other, key);
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || byName(one, other);
    }
    if (left === right) return byName(one, other);
    return left < right ? -sign : sign;
  });
}

function valueOf(link: Link, key: LinkKey): string | number | bigint | undefined {
  switch (key) {
    case "name":
      return link.nodeName.toLowerCase();
    case "live":
      return Number(!link.live);
    case "latency":
      return link.roundTripMeanUs;
    case "errors":
      return link.counts?.errors;
    case "bytes":
      return link.counts && link.counts.bytesSent + link.counts.bytesReceived;
    case "heals":
      return link.counts?.heals;
  }
}

function byName(one: Link, other: Link): number {
  return one.nodeName < other.nodeName ? -1 : one.nodeName > other.nodeName ? 1 : 0;
}
