import { statfs } from "node:fs/promises";
import { resolve } from "node:path";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { CapabilityState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { hubTenant, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { outboxDays } from "../../runtime/storage/upkeep.ts";
import type { DoorUse, Measured } from "../../runtime/usage.ts";
import type { Use } from "./usage.ts";
import { readHeld } from "./usage.store.ts";

/** Who sees what concerns no tenant alone, e.g. an address: operators. */
const operators = hubTenant;

/** Everything the hub limits, and how much of it is used, of all tenants. */
export async function readUses(hub: Hub): Promise<Use[]> {
  const measured = hub.measured();
  return [
    ...measured.doors.flatMap((door) => doorUses(door, measured)),
    ...measured.rates.flatMap(rateUse),
    ...requestUses(measured),
    ...(await storedUses(hub)),
    ...(await diskUse(hub)),
  ];
}

/** Lists of a tenant that somebody has to work off. */
export async function waitingUses(hub: Hub, tenant: TenantId): Promise<Use[]> {
  const access = hub.status().capabilities.find((one) => one.name === "access");
  if (access?.state !== CapabilityState.SERVING) return [];
  const { waiting, waitingMax: max } = await hub.calls
    .as(AccessService, insideCaller("hub", tenant))
    .getAccess({});
  return [{ name: "join_requests", subject: "", tenant, used: waiting, max }];
}

function doorUses({ door, connections, addresses, busiest }: DoorUse, measured: Measured): Use[] {
  const { connectionsMax, connectionsPerAddressMax, callsPerSessionMax } = measured;
  const calls = { name: "calls_per_session_max", used: busiest.calls, max: callsPerSessionMax };
  return [
    {
      name: "connections_max",
      subject: `${door} listener`,
      used: connections,
      max: connectionsMax,
    },
    ...addresses.map((one) => ({
      name: "connections_per_address_max",
      subject: `${one.address} (${door} listener)`,
      tenant: operators,
      used: one.connections,
      max: connectionsPerAddressMax,
    })),
    ...(busiest.calls === 0
      ? []
      : [{ ...calls, subject: busiest.spiffeId || `${door} listener`, tenant: operators }]),
  ];
}

/** Keys are "<rate class> <tenant> <caller>"; others count guesses, which no config limits. */
function rateUse({ key, used, perMinute }: Measured["rates"][number]): Use[] {
  const [rateClass = "", tenant, subject, ...rest] = key.split(" ");
  if (tenant === undefined || subject === undefined || rest.length > 0) return [];
  return [{ name: `${rateClass}_rate`, subject, tenant, used, max: perMinute }];
}

function requestUses({ requests, requestBytesMax: max }: Measured): Use[] {
  const name = "request_bytes_max";
  return requests.map(({ bytes, tenant, caller }) => {
    return { name, subject: caller, tenant, used: bytes, max };
  });
}

async function storedUses({ storage, config }: Hub): Promise<Use[]> {
  const held = await readHeld(storage);
  const { eventDays: max } = config();
  const days = { subject: "", isKept: true };
  return [
    { name: "database_bytes", subject: "", used: held.databaseBytes, max: 0 },
    { ...days, name: "event_days", used: held.eventDays, max },
    { ...days, name: "outbox_days", used: held.outboxDays, max: outboxDays },
  ];
}

/** The disk of the data folder, where the bundled database is as well. */
async function diskUse({ config }: Hub): Promise<Use[]> {
  const disk = await statfs(resolve(config().data)).catch(() => undefined);
  if (disk === undefined) return [];
  const usedBlocks = disk.blocks - disk.bfree;
  const name = "disk_bytes";
  return [
    {
      name,
      subject: "",
      used: usedBlocks * disk.bsize,
      max: (usedBlocks + disk.bavail) * disk.bsize,
    },
  ];
}
