import { create } from "@bufbuild/protobuf";
import { StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Limits } from "../sync/limits.ts";
import { smallLimits } from "./build.ts";
import { Chance } from "./chance.ts";

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
  | "hub crashes"
  | "hub is cut off"
  | "hub is restored"
  | "hub is backed up"
  | "logs are truncated"
  | "replica crashes"
  | "connection breaks"
  | "replica moves"
  | "clock jumps"
  | "peers meet"
  | "scope grows";

/** One world, drawn from its seed before it begins. */
export interface Plan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly chaosMs: number;
  /** Disks are lost in this world; then its logs are kept whole. */
  readonly hasLosses: boolean;
  /** A hub that is away is soon given up. */
  readonly hasShortLeases: boolean;
  readonly limits: Limits;
  /** Frames are encoded and decoded on their way. */
  readonly isEncoded: boolean;
}

const often: readonly FaultKind[] = [
  "hub crashes",
  "hub crashes",
  "hub is cut off",
  "hub is cut off",
  "replica crashes",
  "replica crashes",
  "connection breaks",
  "connection breaks",
  "replica moves",
  "clock jumps",
  "peers meet",
  "peers meet",
  "scope grows",
];

const shortLeaseMs = 900;
const settledKeptMin = 3;
const encodedEvery = 4;

/** The plan of a seed. */
export function planOf(seed: number, chaosMs = 5000): Plan {
  const chance = new Chance(seed);
  const hasLosses = seed % 3 === 1;
  const kinds: FaultKind[] = hasLosses
    ? [...often, "hub is restored", "hub is backed up", "hub is backed up"]
    : [...often, "logs are truncated", "logs are truncated", "logs are truncated"];
  const faults: Fault[] = [];
  for (let ms = 200; ms < chaosMs; ms += chance.between(60, 350)) {
    const forMs = chance.between(100, 1500);
    faults.push({ ms, kind: chance.pick(kinds), pick: chance.below(1000), forMs });
  }
  const hasShortLeases = seed % 5 === 0;
  const leaseMs = hasShortLeases ? shortLeaseMs : smallLimits.leaseMs;
  // Where no disk is lost, an author need not keep what the parent has.
  const settledKept = hasLosses ? smallLimits.settledKept : settledKeptMin;
  const limits = { ...smallLimits, leaseMs, settledKept };
  const isEncoded = seed % encodedEvery === 0;
  return { seed, faults, chaosMs, hasLosses, hasShortLeases, limits, isEncoded };
}

const stream = (collection: string, zone: string, lane: number): Stream =>
  create(StreamSchema, { collection, zone, lane });

/** Streams that may go everywhere, and one that may not. */
export const streams = {
  notes: stream("notes", "world", 1),
  keys: stream("keys", "world", 0),
  bulk: stream("bulk", "world", 3),
  files: stream("files", "eu", 2),
};
