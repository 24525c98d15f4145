import type { Limits } from "../sync/limits.ts";
import { smallLimits } from "./build.ts";
import { Chance } from "./chance.ts";
import { topologyOf, type Topology } from "./topology.ts";

/** Something that goes wrong. */
export interface Fault {
  readonly ms: number;
  readonly kind: FaultKind;
  /** Which of those it can happen to. */
  readonly pick: number;
  readonly forMs: number;
}

/** What can go wrong, and what people do meanwhile. */
export type FaultKind =
  | "a hub crashes"
  | "one process of a hub crashes"
  | "a hub is cut off"
  | "the network is split"
  | "a link is slow"
  | "a hub is restored from a backup"
  | "a hub is backed up"
  | "a hub gets another parent"
  | "a hub's clock jumps"
  | "logs are truncated"
  | "a replica crashes"
  | "a connection breaks"
  | "a replica moves to another hub"
  | "a replica's clock jumps"
  | "peers meet"
  | "a replica's scope grows"
  | "a replica's scope shrinks";

/** One world, drawn from its seed before it begins. */
export interface Plan extends Topology {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly chaosMs: number;
  /** Disks are lost in this world; then its logs are kept whole. */
  readonly hasLosses: boolean;
  /** A hub that is away is soon given up. */
  readonly hasShortLeases: boolean;
  /** Hubs get other parents, which may not know yet what is truncated below. */
  readonly hasMoves: boolean;
  readonly limits: Limits;
  /** Frames are encoded and decoded on their way. */
  readonly isEncoded: boolean;
  /** How much longer people wait between two writes, and agents between coming. */
  readonly calmness: number;
}

/** How large a world is. */
export interface Size {
  readonly hubs: number;
  readonly nodes: number;
  readonly chaosMs: number;
}

const often: readonly FaultKind[] = [
  "a hub crashes",
  "a hub crashes",
  "one process of a hub crashes",
  "one process of a hub crashes",
  "a hub is cut off",
  "a hub is cut off",
  "the network is split",
  "a link is slow",
  "a hub's clock jumps",
  "a replica crashes",
  "a replica crashes",
  "a connection breaks",
  "a connection breaks",
  "a replica moves to another hub",
  "a replica's clock jumps",
  "peers meet",
  "peers meet",
  "peers meet",
  "a replica's scope grows",
  "a replica's scope shrinks",
];
const losses: readonly FaultKind[] = [
  "a hub is restored from a backup",
  "a hub is backed up",
  "a hub is backed up",
];
const truncations: readonly FaultKind[] = [
  "logs are truncated",
  "logs are truncated",
  "logs are truncated",
  "logs are truncated",
];
const moves: readonly FaultKind[] = ["a hub gets another parent", "a hub gets another parent"];

const shortLeaseMs = 900;
const settledKeptMin = 3;
const encodedEvery = 4;
const nodesEach = 7;
const chaosMsEach = 5000;
const hubCounts = [2, 3, 4, 4, 4, 5, 6];
const salt = 0x1b873593;
const keyAgeMs = 60_000;
const longCalmness = 4;
/** In minutes streams grow to thousands of cells. */
const longLimits = { partCellsMax: 64, checkpointEvery: 100 };
const fullAt = 150;

/** The plan of a seed; every mark of a world is met in a few dozen seeds. */
export function planOf(seed: number, size?: Size): Plan {
  const chance = new Chance(seed);
  const drawn = new Chance(seed ^ salt);
  const hubs = size?.hubs ?? drawn.pick(hubCounts);
  const { nodes, chaosMs } = size ?? { nodes: nodesEach, chaosMs: chaosMsEach };
  const hasLosses = seed % 3 === 1;
  const hasShortLeases = seed % 5 === 0;
  const hasMoves = hubs > 2 && drawn.happens(0.3);
  const kinds = [...often, ...(hasLosses ? losses : truncations), ...(hasMoves ? moves : [])];
  const faults = faultsOf(chance, kinds, chaosMs);
  const leaseMs = hasShortLeases ? shortLeaseMs : smallLimits.leaseMs;
  // Where no disk is lost, an author need not keep what the parent has.
  const settledKept = hasLosses ? smallLimits.settledKept : settledKeptMin;
  // A key that was made in the minute before ends in the middle of such a world.
  const dedupeMs = drawn.happens(0.15) ? keyAgeMs + chaosMs / 2 : smallLimits.dedupeMs;
  const isFull = drawn.happens(0.08) && size === undefined;
  const counterMax = isFull ? fullAt : smallLimits.counterMax;
  const changed = { leaseMs, settledKept, dedupeMs, counterMax };
  const limits = { ...smallLimits, ...changed, ...(size === undefined ? {} : longLimits) };
  const isEncoded = seed % encodedEvery === 0 || size !== undefined;
  // As many writes a minute however many write; what a world costs grows with its minutes.
  const calmness = size === undefined ? 1 : longCalmness * Math.max(1, nodes / nodesEach);
  const kind = { hasLosses, hasShortLeases, hasMoves, isEncoded, calmness };
  return { seed, faults, chaosMs, limits, ...kind, ...topologyOf(seed, hubs, nodes) };
}

function faultsOf(chance: Chance, kinds: readonly FaultKind[], chaosMs: number): Fault[] {
  const faults: Fault[] = [];
  for (let ms = 200; ms < chaosMs; ms += chance.between(60, 350)) {
    const forMs = chance.between(100, 1500);
    faults.push({ ms, kind: chance.pick(kinds), pick: chance.below(1000), forMs });
  }
  return faults;
}
