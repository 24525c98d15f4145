import { Agenda } from "./agenda.ts";
import { soundBuild, type Build } from "./build.ts";
import { Chance } from "./chance.ts";
import { bringAbout } from "./chaos.ts";
import type { Ground } from "./ground.ts";
import { HubHost } from "./hub.host.ts";
import { judge, unsettled } from "./judge.ts";
import { Net } from "./net.ts";
import { planOf, streams, type Plan } from "./plan.ts";
import { SpokeHost, type Life } from "./spoke.host.ts";
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
  readonly frames: number;
  readonly incidents: ReadonlyMap<string, number>;
}

const startMs = 1_800_000_000_000;
const settleMsMax = 40_000;
const pollMs = 250;
const skewMs = 5000;
const burstEach = 5;

/** Runs a plan to its end: chaos, calm, a burst in the calm, and judgement. */
export function runPlan(plan: Plan, build: Build = soundBuild): Report {
  const world = newWorld(plan, build);
  const { agenda, net, watch } = world.ground;
  for (const fault of plan.faults) agenda.after(fault.ms, () => bringAbout(world, fault));
  spawnAgents(world);
  agenda.runTo(plan.chaosMs);
  net.isCalm = true;
  net.cutOff.clear();
  for (const spoke of world.spokes) spoke.isDone = true;
  settle(world);
  [watch.relayed, watch.known] = [0, 0];
  for (const spoke of world.spokes.filter(({ isGone }) => !isGone)) {
    for (let at = 0; at < burstEach; at++) agenda.after(at * 50, () => spoke.write());
  }
  agenda.runTo(agenda.nowMs + burstEach * 50);
  settle(world);
  judge(world);
  const { violations, accepted, acked, incidents } = watch;
  const { frames } = net;
  return { seed: plan.seed, violations, ops: accepted.size, acked: acked.size, frames, incidents };
}

/** The same by seed alone. */
export function runSeed(seed: number, build: Build = soundBuild): Report {
  return runPlan(planOf(seed), build);
}

function newWorld(plan: Plan, build: Build): World {
  const agenda = new Agenda();
  const chance = new Chance(plan.seed ^ 0x5bd1e995);
  const watch = new Watch(() => agenda.nowMs, startMs, plan);
  const net = new Net(agenda, chance, watch, plan.isEncoded);
  const tenants = ["acme", "beta"];
  const hubs: HubHost[] = [];
  const actors = { tenants, hubs, startMs };
  const ground: Ground = { agenda, chance, net, watch, build, ...actors };
  const both = ["world", "eu"];
  const { limits } = plan;
  const global = new HubHost(ground, "global", ["world"], undefined, limits);
  const eu = new HubHost(ground, "eu", both, global, limits);
  const us = new HubHost(ground, "us", ["world"], global, limits);
  const edge = new HubHost(ground, "edge", both, eu, limits);
  hubs.push(global, eu, us, edge);
  const world: World = { ground, plan, hubs, spokes: [] };
  for (const hub of hubs) hub.backUp();
  people(world, [global, us], [eu, edge]);
  return world;
}

function people(world: World, anywhere: HubHost[], inEurope: HubHost[]): void {
  const { notes, keys, bulk, files } = streams;
  const [global, us] = anywhere;
  const [eu, edge] = inEurope;
  if (!global || !us || !eu || !edge) return;
  const abroad = { zones: ["world"], tenant: "acme" };
  const european = { zones: ["world", "eu"], tenant: "acme" };
  join(world, { ...abroad, streams: [notes, keys, bulk], hubs: [eu, edge], skewMs });
  join(world, { ...abroad, streams: [notes, bulk], hubs: [us, global], halfDuplex: true });
  join(world, { ...abroad, streams: [notes, keys], hubs: [edge, us], skewMs: -skewMs });
  join(world, { ...european, streams: [files, notes], hubs: [eu, edge] });
  join(world, { ...european, streams: [files], hubs: [edge, eu], halfDuplex: true });
  join(world, { ...abroad, tenant: "beta", streams: [notes, keys], hubs: [us, eu] });
  join(world, { ...european, tenant: "beta", streams: [files, notes], hubs: [edge] });
}

/** Somebody joins. */
export function join(
  { ground, plan, spokes }: World,
  life: Pick<Life, "tenant" | "zones" | "streams" | "hubs"> & Partial<Life>,
): SpokeHost {
  const whole = { skewMs: 0, halfDuplex: false, isAgent: false, ...life };
  const spoke = new SpokeHost(ground, `n${spokes.length}`, whole, plan.limits);
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
  const followed = [inEurope ? streams.files : streams.notes];
  const tenant = chance.pick(world.ground.tenants);
  const home = [chance.pick(hubs)];
  const agent = join(world, { tenant, zones, streams: followed, hubs: home, isAgent: true });
  agenda.after(chance.between(200, 900), () => {
    agent.isDone = true;
    goWhenDrained(world, agent);
  });
  agenda.after(chance.between(150, 450), () => spawnAgents(world));
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
    if (unsettled(world).length === 0) return;
  }
  for (const what of unsettled(world).slice(0, 5)) watch.violated("INV-8", what);
}
