import { stepHub } from "../sync/hub.ts";
import { defaultLimits, type Limits } from "../sync/limits.ts";
import type { Hold } from "../sync/hold.ts";
import type { MemoryLog } from "../sync/memory.ts";
import { soundRules, type Rules } from "../sync/rules.ts";
import { stepSpoke } from "../sync/spoke.ts";

/** The core as a simulation runs it: the real one, or one with a single thing wrong. */
export interface Build {
  readonly rules: Rules;
  readonly stepHub: typeof stepHub;
  readonly stepSpoke: typeof stepSpoke;
  /** A hub comes back from a backup. */
  revive(log: MemoryLog, fresh: string): void;
  /** A replica comes back from its disk. */
  wake(hold: Hold): void;
}

/** The real one. */
export const soundBuild: Build = {
  rules: soundRules,
  stepHub,
  stepSpoke,
  revive: (log, fresh) => log.reincarnate(fresh),
  wake: () => undefined,
};

/** Small, so that every bound is met within seconds. */
export const smallLimits: Limits = {
  ...defaultLimits,
  frameOpsMax: 12,
  frameBytesMax: 1500,
  creditBytes: 3000,
  flightBytesMax: 6000,
  commitItemsMax: 8,
  partCellsMax: 7,
  checkpointEvery: 25,
  siblingsMax: 6,
  waitMsMax: 12_000,
  settledKept: 10_000,
};
