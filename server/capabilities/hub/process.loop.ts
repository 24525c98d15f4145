import { hostname } from "node:os";
import { resolve } from "node:path";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { HubProcessSchema, type HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { migrationNames, readBreaking, requireKnown } from "../../runtime/storage/breaking.ts";
import type { Lease } from "../../runtime/storage/lease.ts";
import { keepProcess, leaveProcesses, listProcesses } from "../../runtime/storage/processes.ts";

/** How often a hub says that it is there; two of three may fail before its lease lapses. */
const renewMs = 2_000;

/** Until its doors are open a hub has no addresses to tell. */
const openingMs = 50;

type Kit = Pick<
  Hub,
  "storage" | "identity" | "config" | "status" | "processes" | "draining" | "log"
>;

/**
 * Takes this hub's place among the processes over its database, so that no copy of its keys can run
 * beside it; the loop keeps the place, tells the addresses once the doors are open, and gives it
 * back when the hub begins to stop: nobody is sent there any more. It fails once a newer release
 * has migrated the database by a breaking step.
 *
 * @throws Fault HUB_RUNS_ELSEWHERE
 */
export async function openProcess(hub: Kit): Promise<Loop> {
  const { storage, identity, processes, draining, log } = hub;
  const { hubId } = identity;
  const folder = resolve(hub.config().data);
  const place = { hubId, holder: `${hostname()}:${folder}` };
  const keep = async (): Promise<Lease> => {
    const lease = await keepProcess(storage, place, tellingOf(hub));
    processes.learn(await listProcesses(storage, hubId));
    return lease;
  };
  // As this process was started: a newer release may take the place of its files.
  const known = migrationNames();
  let lease = await keep().catch(async (error: unknown) => {
    const held = heldBy(error, identity.spiffeId, folder);
    // A hub that was moved here died elsewhere; a copy goes on there, and renews its lease.
    await storage.world.timers.sleep(Number(held.facts.remaining_ms) + openingMs, draining);
    return await keep().catch((again: unknown) => {
      throw heldBy(again, identity.spiffeId, folder);
    });
  });
  return {
    name: "process",
    async run(signal) {
      const { timers } = storage.world;
      const either = AbortSignal.any([signal, draining]);
      while (!either.aborted) {
        const opening = hub.status().webAddress === "";
        lease = await keep();
        requireKnown(await storage.tenant(hubTenant, (tx) => readBreaking(tx.sql)), known);
        await timers.sleep(opening ? openingMs : renewMs, either);
      }
      await leaveProcesses(storage, lease).catch((error: unknown) =>
        log.warn("the other hubs were not told that this one stops", { error }),
      );
      while (!signal.aborted) await timers.sleep(renewMs, signal);
    },
  };
}

function tellingOf({ identity, status }: Kit): HubProcess {
  const { nodeAddress, joinAddress, version, startTime } = status();
  const { spiffeId } = identity;
  return create(HubProcessSchema, { spiffeId, nodeAddress, joinAddress, version, startTime });
}

/** What whoever runs a copy is told; anything but a lease that is held flies on. */
function heldBy(error: unknown, hub: string, folder: string): Fault {
  if (!(error instanceof Fault) || error.reason !== Reason.LEASE_HELD) throw error;
  const { holder = "", remaining_ms = 0 } = error.facts;
  const facts = { hub, holder, folder: `${folder}/keys`, remaining_ms };
  return new Fault(Reason.HUB_RUNS_ELSEWHERE, facts, { cause: error });
}
