import type { Capability, HubIdentity } from "./capability.ts";
import type { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { AuditWriter } from "./audit.ts";
import type { Changes } from "./changes.ts";
import { openChanges } from "./changes.ts";
import type { Settings } from "./config/settings.ts";
import type { Authenticators } from "./guards/authenticate.ts";
import { authenticate } from "./guards/authenticate.ts";
import { byCertificate } from "./guards/certificate.ts";
import { authorize } from "./guards/authorize.ts";
import { refuseWhileDraining } from "./guards/draining.ts";
import type { GateKit } from "./guards/gate.ts";
import type { Guard } from "./guards/guard.ts";
import { limit } from "./guards/limit.ts";
import { refuseForeignPages } from "./guards/origin.ts";
import { openRates } from "./guards/rates.ts";
import { openSizes } from "./guards/sizes.ts";
import { shedLeast } from "./guards/shed.ts";
import type { Lag } from "./lag.ts";
import { openLag } from "./lag.ts";
import type { Trust } from "./listen/trust.ts";
import { openTrust } from "./listen/trust.ts";
import type { LeveledLog } from "./log.pino.ts";
import type { Meters } from "./meters.ts";
import { openMeters } from "./meters.ts";
import { openParentSlot, type ParentSlot } from "./parent.ts";
import type { Processes } from "./processes.ts";
import { openProcesses } from "./processes.ts";
import type { Registry } from "./registry.ts";
import { openRegistry } from "./registry.ts";
import type { Served } from "./served.ts";
import { openServed, refuseSuspended } from "./served.ts";
import type { Storage } from "./storage/storage.ts";
import type { Tiers } from "./tiers.ts";
import { openTiers } from "./tiers.ts";
import type { UsageKit } from "./usage.ts";
import type { WrapKit } from "./wrap/watch.ts";

/** What a hub is made from. */
export interface HubParts {
  readonly settings: Settings;
  readonly identity: HubIdentity;
  readonly storage: Storage;
  readonly audit: AuditWriter;
  readonly world: World;
  readonly log: LeveledLog;
  readonly capabilities: readonly Capability[];
  readonly version: string;
  /** Which migrations the database has had. */
  readonly migrationsApplied: () => Promise<string[]>;
  /** Where the rows are. */
  readonly database: "bundled" | "external";
  /** How late the process is; measured unless given. */
  readonly lag?: Lag;
}

/** The parts of a hub that every call goes through. */
export interface Core {
  readonly registry: Registry;
  readonly gate: GateKit;
  readonly kit: WrapKit;
  readonly tiers: Tiers;
  readonly meters: Meters;
  readonly lag: Lag;
  readonly changes: Changes;
  readonly processes: Processes;
  readonly parent: ParentSlot;
  readonly served: Served;
  readonly usage: UsageKit;
  /** By whose roots certificates are judged. */
  readonly trust: Trust;
  /** Aborted when the hub begins to stop. */
  readonly draining: AbortController;
  /** Aborted when its calls are done, and loops should end. */
  readonly ending: AbortController;
  authenticators(): Authenticators;
}

/** Puts the parts together; nothing runs yet. */
export function openCore(parts: HubParts, fatal: (fault: Fault) => void): Core {
  const { settings, world, log, audit } = parts;
  const [draining, ending] = [new AbortController(), new AbortController()];
  const meters = openMeters();
  const { lag = openLag(world) } = parts;
  const rates = openRates(world);
  const changes = openChanges();
  const [served, processes, parent] = [openServed(), openProcesses(), openParentSlot()];
  const usage = { rates, sizes: openSizes(world) };
  const config = settings.current;
  const trust = openTrust();
  const authenticators = lately(() => authenticatorsOf(tiers, trust, parts.identity.trustDomain));
  const changed = () => {
    authenticators.forget();
    changes.fire();
  };
  const common = { world, log, meters, audit };
  const kit = { ...common, rates, served, draining: draining.signal, config, authenticators };
  const registry = openRegistry(kit);
  const loops = { world, log, meters, signal: ending.signal, fatal };
  const tiers = openTiers(parts.capabilities, { ...loops, registry, changed });
  const guards = guardsOf(kit, usage, lag);
  const gate: GateKit = { guards, meters, audit, rpcOf: (method) => rpcOf(registry, method) };
  const seen = { registry, gate, kit, tiers, meters, lag, changes, processes };
  const known = { served, usage, trust, parent };
  return { ...seen, ...known, draining, ending, authenticators };
}

/** What each call passes, in this order. */
function guardsOf(
  { rates, served, draining, config, authenticators }: WrapKit,
  { sizes }: UsageKit,
  lag: Lag,
): readonly Guard[] {
  return [
    // A stopping hub takes no new work.
    refuseWhileDraining(draining),
    // A page of another site, or a rebound name, must not act with the cookie of a person.
    refuseForeignPages(config),
    // Who calls; everything below depends on it.
    authenticate(authenticators, rates),
    // Whether their tenant is served at all.
    refuseSuspended(served),
    // Whether they may, by the policy of the method.
    authorize,
    // Whether they may now: so many a minute.
    limit(rates, config, sizes),
    // Whether we can: what matters least goes first.
    shedLeast(lag.ms),
  ];
}

/**
 * Made once, and again after it was forgotten: each call and message asks who there is to say who
 * somebody is, and that changes only when a capability does.
 */
function lately<T>(make: () => T): (() => T) & { forget(): void } {
  let made: T | undefined;
  return Object.assign(() => (made ??= make()), { forget: () => void (made = undefined) });
}

function rpcOf(registry: Registry, method: Parameters<Registry["find"]>[0]) {
  const served = registry.find(method);
  if (served === undefined) throw new Error(`${method.name} was reached but never registered`);
  return served.rpc;
}

function authenticatorsOf(tiers: Tiers, trust: Trust, ownDomain: string): Authenticators {
  const running = tiers.running();
  return {
    node: byCertificate(running, trust, ownDomain),
    agents: running.find((one) => one.agents !== undefined)?.agents,
    person: running.find((one) => one.authenticatePerson !== undefined)?.authenticatePerson,
  };
}
