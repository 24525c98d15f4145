import type { NodePulse } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pulsesSince } from "./pulse.store.ts";

/** Hears of heartbeats; what is not taken in time is replaced by what came later. */
export interface PulseReader {
  /** What came since the last time, at most one a node. */
  take(): NodePulse[];
  close(): void;
}

const gatherMs = 1_000;

/** Looks back a little further each time: a heartbeat is stored a moment after it was received. */
const overlapMs = 2_000;

type Waiting = Map<string, NodePulse>;

/** Readers of heartbeats: once a second one query for each tenant somebody watches. */
export function openPulses(hub: Pick<Hub, "storage">): (tenant: TenantId) => PulseReader {
  const rooms = new Map<TenantId, Set<Waiting>>();

  function enter(tenant: TenantId, waiting: Waiting): void {
    const room = rooms.get(tenant) ?? new Set();
    rooms.set(tenant, room);
    room.add(waiting);
    if (room.size === 1) void gather(hub, tenant, room);
  }

  return (tenant) => {
    const waiting: Waiting = new Map();
    enter(tenant, waiting);
    return {
      take() {
        const pulses = [...waiting.values()];
        waiting.clear();
        return pulses;
      },
      close() {
        const room = rooms.get(tenant);
        room?.delete(waiting);
        if (room?.size === 0) rooms.delete(tenant);
      },
    };
  };
}

/** Until nobody is left in the room. A store that does not answer only delays. */
async function gather(
  hub: Pick<Hub, "storage">,
  tenant: TenantId,
  room: ReadonlySet<Waiting>,
): Promise<void> {
  const { storage } = hub;
  const told = new Map<string, bigint>();
  let sinceMs = storage.nowMs();
  while (room.size > 0) {
    await storage.world.timers.sleep(gatherMs);
    if (room.size === 0) return;
    const nowMs = storage.nowMs();
    const found = await pulsesSince(storage, tenant, sinceMs - overlapMs).catch(() => undefined);
    if (found === undefined) continue;
    const fresh = found.filter((pulse) => told.get(pulse.nodeId) !== pulse.lastSeenMs);
    told.clear();
    for (const pulse of found) told.set(pulse.nodeId, pulse.lastSeenMs);
    sinceMs = nowMs;
    if (fresh.length > 0) tellRoom(room, fresh);
  }
}

function tellRoom(room: ReadonlySet<Waiting>, pulses: readonly NodePulse[]): void {
  for (const waiting of room) {
    for (const pulse of pulses) waiting.set(pulse.nodeId, pulse);
  }
}
