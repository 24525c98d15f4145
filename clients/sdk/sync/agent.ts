import { createClient, type Transport } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { twinCarrier } from "./carrier.twin.ts";
import { openCollectionsOn, type Collections } from "./collections.ts";
import { memoryDisk } from "./disk.memory.ts";

/** Collections of a short-lived agent: in memory, under a key that nobody writes with again. */
export function agentCollections(
  transport: Transport,
  { world, hubNow }: { readonly world: World; hubNow(): number },
  ended: AbortSignal,
): Promise<Collections> {
  const carrier = twinCarrier(createClient(SyncService, transport), world);
  return openCollectionsOn({ world, disk: memoryDisk(), tenant: "", carrier, ended, now: hubNow });
}
