import { create } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { TrustAggregate } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  InsightReportSchema,
  ModelUpdateSchema,
  NetworkHealth,
  PriorityShareSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { TrustScoredSchema } from "@foedus/gen/foedus/learning/v1/learning_event_pb.js";
import type {
  AgreedPriority,
  Cycle,
  NodeTrust,
  TrustLevel,
} from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { CycleSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GivenLevel } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Fact } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { meanOf, statisticsOf, type Statistics } from "./aggregate.ts";
import { inputsOf, latencyOf, type Observed, type Terms } from "./input.ts";
import { farthest, findingsOf, summaryOf, type Passage, type Stood } from "./insight.ts";
import { agree, contributionsMax, prioritiesOf, type Voice } from "./priority.ts";
import { levelOf, moveReputation } from "./reputation.ts";
import { scoreOf } from "./score.ts";
import { watchedMs } from "./window.ts";

/** Where a node stands after a cycle. */
export interface Standing {
  readonly trust: NodeTrust;
  /** Since when its reputation is good. */
  readonly goodMs: number | undefined;
  /** The score that was told last; undefined while that is unknown. */
  readonly told: number | undefined;
  /** The level that was told last; of a newcomer the one it came with. */
  readonly toldLevel: TrustLevel;
}

/** Where a node stood after the cycle before. */
export interface Before extends Stood {
  readonly reputation: number | undefined;
  readonly goodMs: number | undefined;
  readonly told: number | undefined;
  readonly toldLevel: TrustLevel | undefined;
}

/** All that a cycle knows of a node. */
export interface Member extends Observed {
  readonly given: GivenLevel | undefined;
  readonly vouched: boolean;
  readonly before: Before | undefined;
}

/** What a cycle is made of. */
export interface CycleWish extends Terms {
  readonly id: string;
  readonly askedBy: string;
  readonly headCursor: bigint;
  readonly members: readonly Member[];
  /** The cycle before; undefined for the first. */
  readonly before: Cycle | undefined;
}

/** What came of a cycle. */
export interface CycleOutcome {
  readonly cycle: Cycle;
  readonly standings: readonly Standing[];
  readonly facts: readonly Fact[];
}

/** A score that moved by less is not told again. */
export const movedMin = 1;

/** How many scores one cycle tells at most; the others wait for the next. */
export const toldMax = 200;

/** Where each node stands now: the first half of a round of federated averaging. */
export function judge(wish: CycleWish): Standing[] {
  return wish.members.map((member) => standingOf(member, wish));
}

/** What that comes to for the network, and what is told of it: the second half. */
export function conclude(wish: CycleWish, judged: readonly Standing[]): CycleOutcome {
  const { members, before, window, id } = wish;
  const { standings, told } = markTold(judged);
  const nodes = standings.map(({ trust }) => trust);
  const agreed = agree(voicesOf(members, nodes));
  const statistics = statisticsOf(nodes);
  const aggregate = aggregateOf(wish, statistics, agreed);
  const passages = passagesOf(standings, members);
  const healthBefore = before?.aggregate?.networkHealth ?? NetworkHealth.UNSPECIFIED;
  const findings = findingsOf(passages, aggregate.networkHealth, healthBefore);
  const figures = { ...statistics, ...latencies(aggregate) };
  const cycle = create(CycleSchema, {
    id,
    startTime: timestampFromMs(window.startMs),
    endTime: timestampFromMs(window.endMs),
    headCursor: wish.headCursor,
    aggregate,
    priorities: agreed,
    askedBy: wish.askedBy,
    summary: summaryOf(figures, findings),
  });
  return { cycle, standings, facts: factsOf(cycle, findings, told) };
}

/** Whose score moved so far that a report may say why. */
export function moversOf(judged: readonly Standing[], members: readonly Member[]): string[] {
  return farthest(passagesOf(judged, members)).map(({ now }) => now.nodeId);
}

function passagesOf(standings: readonly Standing[], members: readonly Member[]): Passage[] {
  return standings.map(({ trust: now }, at) => ({ now, before: members[at]?.before }));
}

function standingOf(member: Member, { window, heartbeatMs, before }: CycleWish): Standing {
  const { node, witness, given, vouched } = member;
  const inputs = inputsOf(member, { window, heartbeatMs });
  const score = scoreOf(inputs);
  const last = member.before;
  const beforeMs = before?.endTime === undefined ? window.endMs : timestampMs(before.endTime);
  const spentMs = last === undefined ? 0 : watchedMs(beforeMs, window.endMs, window.away);
  const known = { value: last?.reputation, goodMs: last?.goodMs };
  const reputation = moveReputation(known, score, spentMs, window.endMs);
  const level = levelOf(vouched, given, reputation, window.endMs);
  const trust: NodeTrust = {
    $typeName: "foedus.learning.v1.NodeTrust",
    nodeId: node.id,
    nodeName: node.name,
    score,
    inputs,
    claimedScore: witness?.telemetry?.trustScore,
    claimCursor: witness?.telemetry?.trustScore === undefined ? 0n : witness.telemetryCursor,
    level: level.level,
    reputation: reputation.value,
    because: [level.because, reputation.because],
    latencyMs: latencyOf(node),
  };
  const { goodMs } = reputation;
  return { trust, goodMs, told: last?.told, toldLevel: last?.toldLevel ?? level.level };
}

/** Levels, then the scores that moved most, are told; what is too much now is told later. */
function markTold(found: readonly Standing[]) {
  const moved = found.filter((one) => levelMoved(one) || hasMoved(one.trust.score, one.told));
  const size = (one: Standing) =>
    levelMoved(one) ? Infinity : Math.abs((one.trust.score ?? -100) - (one.told ?? -100));
  moved.sort((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)));
  const told = new Set(moved.slice(0, toldMax));
  const mark = (one: Standing) => {
    const { score, level } = one.trust;
    return told.has(one) ? { ...one, told: score, toldLevel: level } : one;
  };
  return { standings: found.map(mark), told: found.filter((one) => told.has(one)) };
}

function levelMoved({ trust, toldLevel }: Standing): boolean {
  return trust.level !== toldLevel;
}

function hasMoved(score: number | undefined, told: number | undefined): boolean {
  if (score === undefined || told === undefined) return score !== told;
  return Math.abs(score - told) >= movedMin;
}

/** Who is heard: nodes of known trust, with what they told last. */
function voicesOf(members: readonly Member[], nodes: readonly NodeTrust[]): Voice[] {
  return members.flatMap(({ witness }, at) => {
    const { score, nodeId = "", nodeName = "" } = nodes[at] ?? {};
    if (score === undefined || witness?.telemetry === undefined) return [];
    const { priorities } = witness.telemetry;
    return [{ nodeId, nodeName, score, priorities, cursor: witness.telemetryCursor }];
  });
}

function aggregateOf(
  { id, members, before }: CycleWish,
  statistics: Statistics,
  agreed: readonly AgreedPriority[],
): TrustAggregate {
  const trips = members.flatMap(({ node }) => {
    const latencyMs = isConnected(node.state) ? latencyOf(node) : undefined;
    return latencyMs === undefined ? [] : [latencyMs];
  });
  const averageLatencyMs = meanOf(trips);
  const wasMs = before?.aggregate?.averageLatencyMs;
  const known = averageLatencyMs !== undefined && wasMs !== undefined;
  return create(TrustAggregateSchema, {
    cycleId: id,
    ...statistics,
    averageLatencyMs,
    latencyTrendMs: known ? averageLatencyMs - wasMs : undefined,
    aggregatedPriorities: prioritiesOf(agreed),
  });
}

function isConnected(state: NodeState): boolean {
  return state === NodeState.ONLINE || state === NodeState.DEGRADED;
}

function latencies({ averageLatencyMs, latencyTrendMs }: TrustAggregate) {
  return { averageLatencyMs, latencyTrendMs };
}

/** What is told has no subject but the network, so that the log's newest is the newest cycle's. */
function factsOf(cycle: Cycle, findings: string[], told: readonly Standing[]): Fact[] {
  const { id: cycleId, aggregate, priorities: agreed, summary, endTime } = cycle;
  const priorities = prioritiesOf(agreed);
  const appliedMs = BigInt(endTime === undefined ? 0 : timestampMs(endTime));
  const networkHealth = aggregate?.networkHealth ?? NetworkHealth.UNSPECIFIED;
  const trustScore = aggregate?.robustMean;
  const rationale = rationaleOf(cycle);
  return [
    ...told.map(({ trust }) => fact(TrustScoredSchema, trust.nodeId, { cycleId, trust })),
    fact(TrustAggregateSchema, "", aggregate ?? {}),
    fact(PriorityShareSchema, "", { cycleId, priorities, rationale }),
    fact(ModelUpdateSchema, "", { cycleId, trustScore, priorities, appliedMs }),
    fact(InsightReportSchema, "", { cycleId, summary, findings, networkHealth }),
  ];
}

function rationaleOf({ priorities: [heaviest], aggregate }: Cycle): string {
  if (heaviest === undefined) return "No node of known trust told a priority.";
  const { topic, contributions } = heaviest;
  const [first] = contributions;
  const most =
    first === undefined ? "" : `, ${first.nodeName} with ${Math.round(first.share * 100)} %`;
  const more = contributions.length === contributionsMax ? " or more" : "";
  const who = `${contributions.length}${more} of ${aggregate?.participants ?? 0} nodes told it${most}`;
  return `${topic} comes first: ${who}; each counts by trust times confidence.`;
}
