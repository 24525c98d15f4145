import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { CapabilityStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { CapabilityState, CapabilityStatusSchema, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Capability, Hub, Running } from "./capability.ts";
import type { LoopKit } from "./loops.ts";
import { capabilityFailed, runLoop } from "./loops.ts";
import type { Registry } from "./registry.ts";

/** The capabilities of a hub, by how much they matter. */
export interface Tiers {
  /** Starts them in order. @throws Fault, CAPABILITY_FAILED unless it has its own words. */
  start(hub: Hub): Promise<void>;
  statuses(): CapabilityStatus[];
  /** What runs, in order. */
  running(): readonly Running[];
  /** The state of the capability that carries out a service; undefined for nobody's. */
  stateOf(service: string): CapabilityState | undefined;
  /** Ends loops and capabilities, last first; the kit's signal has aborted before. */
  stop(): Promise<void>;
}

/** What running capabilities takes. */
export interface TiersKit extends LoopKit {
  readonly registry: Registry;
  /** Called at each change of a state. */
  changed(): void;
}

interface Entry {
  readonly capability: Capability;
  status: CapabilityStatus;
  running: Running | undefined;
  readonly work: Promise<void>[];
}

const startBackoff = { firstMs: 500, lastMs: 60_000 };

/** The capabilities, none of which has started. */
export function openTiers(capabilities: readonly Capability[], kit: TiersKit): Tiers {
  const entries = capabilities.map((capability): Entry => {
    const { name, tier } = capability;
    const status = create(CapabilityStatusSchema, { name, tier, state: CapabilityState.STARTING });
    return { capability, status, running: undefined, work: [] };
  });
  return {
    async start(hub) {
      for (const entry of entries) await startFirst(kit, entry, hub);
    },
    statuses: () => entries.map((entry) => entry.status),
    running: () => entries.flatMap((entry) => entry.running ?? []),
    stateOf: (service) => entries.find((entry) => carriesOut(entry, service))?.status.state,
    async stop() {
      await Promise.all(entries.flatMap((entry) => entry.work));
      for (const entry of entries.toReversed()) {
        await entry.running?.stop?.();
        become(kit, entry, CapabilityState.STOPPED);
      }
    },
  };
}

async function startFirst(kit: TiersKit, entry: Entry, hub: Hub): Promise<void> {
  try {
    await start(kit, entry, hub);
  } catch (error) {
    const { name, tier } = entry.capability;
    if (tier === Tier.P0) throw whyNot(name, error);
    failed(kit, entry, error);
    entry.work.push(startAgain(kit, entry, hub));
  }
}

/** A fault says by itself what mends it. */
function whyNot(name: string, error: unknown): Fault {
  return error instanceof Fault ? error : capabilityFailed(name, "does not start", error);
}

async function start(kit: TiersKit, entry: Entry, hub: Hub): Promise<void> {
  const { capability } = entry;
  entry.status = { ...entry.status, attempts: entry.status.attempts + 1 };
  const running = await capability.start(hub);
  for (const service of running.services ?? []) kit.registry.add(service, capability);
  for (const loop of running.loops ?? []) entry.work.push(runLoop(kit, capability, loop));
  entry.running = running;
  become(kit, entry, CapabilityState.SERVING);
}

async function startAgain(kit: TiersKit, entry: Entry, hub: Hub): Promise<void> {
  const { world, signal } = kit;
  for (;;) {
    const waitMs = backoffMs(startBackoff, entry.status.attempts, world.random);
    await world.timers.sleep(waitMs, signal);
    if (signal.aborted) return;
    try {
      return await start(kit, entry, hub);
    } catch (error) {
      failed(kit, entry, error);
    }
  }
}

function failed(kit: TiersKit, entry: Entry, error: unknown): void {
  kit.log.warn("capability does not start", { capability: entry.capability.name, error });
  entry.status = { ...entry.status, lastError: String(error) };
  become(kit, entry, CapabilityState.RETRYING);
}

function become(kit: TiersKit, entry: Entry, state: CapabilityState): void {
  const sinceTime = timestampFromMs(kit.world.clock.now());
  entry.status = { ...entry.status, state, sinceTime };
  kit.changed();
}

function carriesOut({ running }: Entry, service: string): boolean {
  return running?.services?.some(({ desc }) => desc.typeName === service) === true;
}
