import { Agenda } from "./agenda.ts";
import { soundBuild, type Build } from "./build.ts";
import { Chance } from "./chance.ts";
import { bringAbout } from "./chaos.ts";
import type { Ground } from "./ground.ts";
import { HubHost } from "./hub.host.ts";
import { judge, unsettled } from "./judge.ts";
import { Net } from "./net.ts";
import { planOf, type Plan, type Size } from "./plan.ts";
import { SpokeHost, type Life } from "./spoke.host.ts";
import { streams, tenants } from "./topology.ts";
import { Watch, type Violation } from "./watch.ts";

/** One simulated federation. */
export interface World {
  readonly ground: Ground;
  readonly plan: Plan;
  readonly hubs: readonly HubHost[];
  readonly spokes: SpokeHost[];
}

/** How a world went. */
export interface Report {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly ops: number;
  readonly acked: number;
  /** Of those, what only a disk had that was lost, and whose authors are gone. */
  readonly lost: number;
  readonly frames: number;
  /** Of those frames that were encoded. */
  readonly bytes: number;
  readonly replicas: number;
  /** How long it took in the world, its calm included. */
  readonly ms: number;
  readonly incidents: ReadonlyMap<string, number>;
  /** What went wrong, and how often. */
  readonly faults: ReadonlyMap<string, number>;
  /** Ops that were refused, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** What is told while a world runs. */
export type Progress = (ms: number, ofMs: number, ops: number) => void;

const startMs = 1_800_000_000_000;
const settleMsMax = 40_000;
const pollMs = 250;
const burstEach = 5;
const burstMs = 50;
const progressMs = 1000;

/** Runs a plan to its end: chaos, calm, a burst in the calm, and judgement. */
export function runPlan(plan: Plan, build: Build = soundBuild, progress?: Progress): Report {
  const world = newWorld(plan, build);
  const { agenda, net, watch } = world.ground;
  for (const fault of plan.faults) agenda.after(fault.ms, () => bringAbout(world, fault));
  spawnAgents(world);
  for (let ms = 0; ms < plan.chaosMs; ms += progressMs) {
    agenda.runTo(Math.min(ms + progressMs, plan.chaosMs));
    progress?.(agenda.nowMs, plan.chaosMs, watch.accepted.size);
  }
  net.calmDown();
  for (const spoke of world.spokes) spoke.isDone = true;
  settle(world);
  [watch.relayed, watch.known] = [0, 0];
  for (const spoke of world.spokes.filter(({ isGone }) => !isGone)) {
    for (let at = 0; at < burstEach; at++) agenda.after(at * burstMs, () => spoke.write());
  }
  agenda.runTo(agenda.nowMs + burstEach * burstMs);
  settle(world);
  judge(world);
  return reportOf(world);
}

/** The same by seed alone. */
export function runSeed(seed: number, build: Build = soundBuild, size?: Size): Report {
  return runPlan(planOf(seed, size), build);
}

function reportOf({ ground: { watch, net, agenda }, plan, spokes }: World): Report {
  const { violations, accepted, acked, incidents, faults, refused } = watch;
  const { frames, bytes } = net;
  const lost = [...acked].filter((name) => !accepted.has(name)).length;
  const counted = { ops: accepted.size, acked: acked.size, lost, replicas: spokes.length };
  const seen = { violations, incidents, faults, refused };
  return { seed: plan.seed, ...counted, frames, bytes, ms: agenda.nowMs, ...seen };
}

function newWorld(plan: Plan, build: Build): World {
  const agenda = new Agenda();
  const chance = new Chance(plan.seed ^ 0x5bd1e995);
  const watch = new Watch(() => agenda.nowMs, plan);
  const net = new Net(agenda, chance, watch, plan.isEncoded);
  const hubs: HubHost[] = [];
  const signers: Ground["signers"] = new Map();
  const ground = { agenda, chance, net, watch, build, signers, tenants, hubs, startMs };
  for (const hub of plan.hubs) {
    const parent = hub.parent === undefined ? undefined : hubs[hub.parent];
    hubs.push(new HubHost(ground, hub, parent, plan.limits));
  }
  const world: World = { ground, plan, hubs, spokes: [] };
  for (const hub of hubs) hub.backUp();
  for (const { hubs: homes, ...person } of plan.people) {
    const its = hubs.filter((_, at) => homes.includes(at));
    join(world, { ...person, hubs: its, isAgent: false });
  }
  return world;
}

/** Somebody joins. */
export function join({ ground, plan, spokes }: World, life: Life): SpokeHost {
  const spoke = new SpokeHost(ground, `n${spokes.length}`, life, plan);
  spokes.push(spoke);
  return spoke;
}

/** Agents come, write for a moment, and go when hubs have what they wrote; some just go. */
function spawnAgents(world: World): void {
  const { agenda, chance, net } = world.ground;
  if (net.isCalm) return;
  const inEurope = chance.happens(0.3);
  const zones = inEurope ? ["world", "eu"] : ["world"];
  const hubs = world.hubs.filter((hub) => zones.every((zone) => hub.zones.includes(zone)));
  const agent = join(world, {
    tenant: chance.pick(world.ground.tenants),
    zones,
    streams: [inEurope ? streams.files : streams.notes],
    hubs: [chance.pick(hubs)],
    skewMs: 0,
    halfDuplex: false,
    keyAgeMs: 0,
    isAgent: true,
  });
  agenda.after(chance.between(200, 900), () => {
    agent.isDone = true;
    goWhenDrained(world, agent);
  });
  const nextMs = world.plan.calmness * chance.between(150, 450);
  agenda.after(nextMs, () => spawnAgents(world));
}

function goWhenDrained(world: World, agent: SpokeHost): void {
  const { agenda, chance, net } = world.ground;
  if (agent.isDrained || (!net.isCalm && chance.happens(0.02))) {
    agent.isGone = true;
    net.closeAll(agent);
    return;
  }
  agenda.after(20, () => goWhenDrained(world, agent));
}

function settle(world: World): void {
  const { agenda, watch } = world.ground;
  const endMs = agenda.nowMs + settleMsMax;
  while (agenda.nowMs < endMs) {
    agenda.runTo(agenda.nowMs + pollMs);
    for (const spoke of world.spokes) spoke.resume();
    if (unsettled(world).length === 0) return;
  }
  for (const what of unsettled(world).slice(0, 5)) watch.violated("INV-8", what);
}
