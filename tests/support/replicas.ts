// Replicas of collections for tests of the SDK, over either wire of a hub in this process.
import { createClient } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { onTestFinished } from "vitest";
import { duplexCarrier } from "../../clients/sdk/sync/carrier.duplex.ts";
import { twinCarrier } from "../../clients/sdk/sync/carrier.twin.ts";
import {
  type Collections,
  type CollectionsKit,
  openCollectionsOn,
} from "../../clients/sdk/sync/collections.ts";
import { memoryDisk } from "../../clients/sdk/sync/disk.memory.ts";
import type { SyncHub } from "./hub.sync.ts";

/** A replica that ends with the test; in memory, over one stream, unless told otherwise. */
export async function replicaAt(
  hub: SyncHub | undefined,
  more: Partial<CollectionsKit> & { readonly twin?: boolean } = {},
): Promise<Collections> {
  const { twin, ...kit } = more;
  const client = hub && createClient(SyncService, hub.transport);
  const carrier = client && (twin === true ? twinCarrier(client, world) : duplexCarrier(client));
  const all = await openCollectionsOn({
    world,
    disk: memoryDisk(),
    tenant: "main",
    carrier,
    ...kit,
  });
  onTestFinished(() => all.close());
  return all;
}
