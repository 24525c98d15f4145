import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { FederationHealth, HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { FederationHealthSchema, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";

/** What the others told, as of one moment. */
export interface Findings {
  readonly nowMs: number;
  readonly online: number;
  readonly degraded: number;
  readonly offline: number;
  readonly maintenance: number;
  /** Cut off on purpose; they are in none of the counts above. */
  readonly quarantined: number;
  readonly waiting: number;
  /** Capabilities that do not serve. */
  readonly failing: readonly { readonly name: string; readonly tier: Tier }[];
  /** By the newest cycle of learning; UNSPECIFIED before the first. */
  readonly network: NetworkHealth;
  /** Hubs over the database that died and did not come back. */
  readonly lost: readonly HubProcess[];
  /** Queues whose tasks have waited for long, and at which nobody works. */
  readonly unserved: readonly Unserved[];
}

/** A queue that has ready tasks and no worker. */
export interface Unserved {
  readonly name: string;
  readonly ready: number;
  readonly sinceMs: number;
}

/** From this part of the nodes that should be there on, silence is critical, or degraded. */
export const offlineCritical = 0.5;
export const offlineDegraded = 0.05;

/** From this part of the nodes that are there on, their own trouble is the federation's. */
export const troubledDegraded = 0.2;

type Word = "critical" | "degraded";

interface Finding {
  readonly word: Word;
  readonly reason: string;
}

/** How the federation is, and why it is not better: the worst finding gives the word. */
export function judge(findings: Findings): FederationHealth {
  const { online, degraded, offline, maintenance, quarantined, waiting, failing } = findings;
  const all = findingsOf(findings);
  const worst = all.filter((one) => one.word === "critical");
  const rest = all.filter((one) => one.word === "degraded");
  const nobody = online + degraded + offline + maintenance === 0;
  const calm = nobody ? "unknown" : "healthy";
  const empty = nobody ? ["no node has joined yet"] : [];
  return create(FederationHealthSchema, {
    status: worst.length > 0 ? "critical" : rest.length > 0 ? "degraded" : calm,
    online,
    degraded,
    offline,
    maintenance,
    quarantined,
    waiting,
    failing: failing.map((one) => one.name),
    reasons: [...[...worst, ...rest].map((one) => one.reason), ...empty],
    asOfTime: timestampFromMs(findings.nowMs),
  });
}

/** In the order of who feels it: the hub itself, its hubs, the nodes, their trust, their work. */
function findingsOf(findings: Findings): Finding[] {
  return [
    ...findings.failing.map(capabilityFinding),
    ...findings.lost.map(lostFinding),
    ...silence(findings),
    ...quarantine(findings),
    ...trouble(findings),
    ...trust(findings),
    ...idleness(findings),
  ];
}

function capabilityFinding({ name, tier }: Findings["failing"][number]): Finding {
  const word = tier === Tier.P0 ? "critical" : "degraded";
  return { word, reason: `capability ${name} (${Tier[tier]}) does not serve` };
}

function lostFinding({ spiffeId, nodeAddress }: HubProcess): Finding {
  const where = nodeAddress === "" ? "" : `, which listened at ${nodeAddress},`;
  return { word: "degraded", reason: `hub ${spiffeId}${where} died and did not come back` };
}

function silence({ online, degraded, offline }: Findings): Finding[] {
  const expected = online + degraded + offline;
  const share = expected === 0 ? 0 : offline / expected;
  if (share < offlineDegraded) return [];
  const word = share >= offlineCritical ? "critical" : "degraded";
  return [{ word, reason: `${offline} of ${nodes(expected)} ${are(offline)} offline` }];
}

function quarantine({ quarantined }: Findings): Finding[] {
  if (quarantined === 0) return [];
  const reason = `${nodes(quarantined)} ${are(quarantined)} quarantined and waits for a decision`;
  return [
    { word: "degraded", reason: quarantined === 1 ? reason : reason.replace("waits", "wait") },
  ];
}

function trouble({ online, degraded }: Findings): Finding[] {
  const there = online + degraded;
  if (there === 0 || degraded / there < troubledDegraded) return [];
  const word = degraded === 1 ? "reports" : "report";
  return [{ word: "degraded", reason: `${degraded} of ${nodes(there)} ${word} trouble` }];
}

function trust({ network }: Findings): Finding[] {
  if (network === NetworkHealth.CRITICAL) {
    return [{ word: "critical", reason: "trust in the network is critical by the newest cycle" }];
  }
  if (network !== NetworkHealth.DEGRADED) return [];
  return [{ word: "degraded", reason: "trust in the network is degraded by the newest cycle" }];
}

/** Queues that are named; the others are counted. */
const queuesNamed = 3;
const minuteMs = 60_000;

function idleness({ unserved, nowMs }: Findings): Finding[] {
  const longest = unserved.toSorted((one, other) => one.sinceMs - other.sinceMs);
  const named = longest.slice(0, queuesNamed).map(({ name, ready, sinceMs }) => {
    const tasks = ready === 1 ? "1 task waits" : `${ready} tasks wait`;
    const minutes = Math.floor((nowMs - sinceMs) / minuteMs);
    return `queue ${name} has no worker, and ${tasks}, for ${minutes} min by now`;
  });
  const rest = longest.length - named.length;
  const queues = rest === 1 ? "1 more queue has" : `${rest} more queues have`;
  const more = rest === 0 ? [] : [`${queues} tasks that wait and no worker`];
  return [...named, ...more].map((reason) => ({ word: "degraded", reason }));
}

function nodes(count: number): string {
  return count === 1 ? "1 node" : `${count} nodes`;
}

function are(count: number): string {
  return count === 1 ? "is" : "are";
}
