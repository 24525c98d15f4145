// The core of sync as a process drives it, over a log that a test holds in its hand.
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newHub, type HubState, type Shelved } from "@foedus/kernel/sync/hub.state.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { MemoryLog } from "@foedus/kernel/sync/memory.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { Driver, type DriverKit } from "../../server/capabilities/sync/driver.loop.ts";
import type { Guest, Seat } from "../../server/capabilities/sync/seat.ts";
import { silentLog } from "./storage.ts";

const zones = ["world"];

/** The log's twin in memory. */
export function twinOf(hub = "hub-1"): MemoryLog {
  return new MemoryLog(hub, rules, limits);
}

/** A core that has just started. */
export function coreOf(hub: string, shelved: readonly Shelved[] = []): HubState {
  return newHub({ hub, zones, parent: undefined, rules, limits }, shelved);
}

/** A driver of a core that asks `answer`, and vouches for nobody. */
export function drive(kit: Pick<DriverKit, "answer"> & Partial<DriverKit>): Driver {
  return new Driver({
    log: silentLog,
    limits,
    checks: {
      verifySegments: () => Promise.resolve(Refusal.SIGNATURE),
      readDeclared: () => Promise.resolve(),
    },
    nowMs: () => 0,
    boot: () => coreOf("hub-1"),
    reincarnate: () => Promise.resolve(),
    ...kit,
  });
}

/** A session of somebody's: of a replica that writes, unless told otherwise. */
export function sit(driver: Driver, name: string, guest: Partial<Guest> = {}): Seat {
  const who = { session: name, name, title: "", owner: name, grantee: undefined, replica: "" };
  const tenant = tenantProved("main");
  return driver.open({ ...who, tenant, zones, peer: "REPLICA", writes: true, ...guest });
}
