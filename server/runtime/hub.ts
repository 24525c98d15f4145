import type { HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Fault } from "@foedus/kernel/fault.ts";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { directCalls } from "./calls.direct.ts";
import type { Hub } from "./capability.ts";
import type { Core, HubParts } from "./core.ts";
import { openCore } from "./core.ts";
import type { Doors } from "./doors.ts";
import { openDoors } from "./doors.ts";
import { drain } from "./drain.ts";
import { foreignPolicy } from "./guards/rpc.ts";
import { healthFrom } from "./health.ts";
import { reflectionOf } from "./reflection.ts";
import { statusOf } from "./status.ts";
import { measure } from "./usage.ts";

/** A hub that runs. */
export interface RunningHub {
  status(): HubStatus;
  /** What its capabilities tell the operator once. */
  greeting(): Promise<string[]>;
  /** Takes over what changed in the config and may. */
  reload(): void;
  /** Resolves when something the hub cannot do without fails for good. */
  readonly failed: Promise<Fault>;
  /** Drains, then ends everything that was started. */
  stop(): Promise<void>;
}

/** Starts the capabilities, then opens the doors. @throws Fault when the hub cannot run. */
export async function startHub(parts: HubParts): Promise<RunningHub> {
  const { world, log, settings } = parts;
  const startMs = world.clock.now();
  const failure = Promise.withResolvers<Fault>();
  const core = openCore(parts, failure.resolve);
  const open: { doors?: Doors } = {};
  const status = () => statusOf(parts, core, open.doors, startMs);
  addForeign(core);
  try {
    await core.tiers.start(hubFor(parts, core, open, status));
    open.doors = await openDoors(parts, core);
  } catch (error) {
    await end(core);
    throw error;
  }
  const { all } = open.doors;
  const stop = async () => {
    log.info("draining");
    core.draining.abort(new Error("the hub drains"));
    core.changes.fire();
    await drain(world, all, Number(settings.current().drainMs));
    await end(core);
    log.info("stopped");
  };
  return {
    status,
    greeting: async () => {
      const texts = core.tiers.running().map(async (one) => (await one.greeting?.()) ?? []);
      return (await Promise.all(texts)).flat();
    },
    reload: () => reload(parts),
    failed: failure.promise,
    stop: once(stop),
  };
}

/** Health is for anybody on its listener; reflection for whoever is known. */
function addForeign({ registry, tiers, draining, changes }: Core): void {
  const kit = { tiers, draining: draining.signal, changes };
  const tier = Tier.P0;
  registry.add(healthFrom(kit), { tier, foreign: foreignPolicy("anybody") });
  const reflection = reflectionOf(registry.services);
  registry.add(reflection, { tier, foreign: foreignPolicy("observer") });
}

function hubFor(
  parts: HubParts,
  core: Core,
  open: { readonly doors?: Doors },
  status: () => HubStatus,
): Hub {
  const { world, settings, identity, log, storage } = parts;
  return {
    world,
    config: settings.current,
    configEntries: settings.entries,
    identity,
    log,
    storage,
    calls: directCalls(core.gate, core.registry),
    trust: core.trust,
    certificate: () =>
      core.tiers
        .running()
        .find((one) => one.tls !== undefined)
        ?.tls?.current(),
    sessions: {
      cut: (spiffeId) => open.doors?.sessions.cut(spiffeId) ?? 0,
      cutDomain: (trustDomain) => open.doors?.sessions.cutDomain(trustDomain) ?? 0,
      cutTenant: (trustDomain, name) => open.doors?.sessions.cutTenant(trustDomain, name) ?? 0,
      of: (spiffeId) => open.doors?.sessions.of(spiffeId) ?? 0,
      count: () => open.doors?.sessions.count() ?? 0,
    },
    processes: core.processes,
    parent: core.parent,
    meters: core.meters,
    served: core.served,
    measured: () => measure(core.usage, settings.current(), open.doors),
    configProblem: settings.problem,
    migrationsApplied: parts.migrationsApplied,
    status,
    draining: core.draining.signal,
  };
}

async function end(core: Core): Promise<void> {
  core.ending.abort(new Error("the hub ends"));
  await core.tiers.stop();
  core.lag.stop();
  await core.meters.stop();
}

function reload({ settings, log }: HubParts): void {
  try {
    const waiting = settings.reload();
    log.setLevel(settings.current().logLevel);
    log.info("config reloaded", waiting.length === 0 ? {} : { needRestart: waiting });
  } catch (error) {
    log.error("config not reloaded; the old one stays", { error });
  }
}

function once(act: () => Promise<void>): () => Promise<void> {
  let acted: Promise<void> | undefined;
  return () => (acted ??= act());
}
