import "./disposal.ts";
import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Carrier } from "./carrier.ts";
import { twinCarrier } from "./carrier.twin.ts";
import { openCollectionsOn, type Collections } from "./collections.ts";
import { indexedDisk } from "./disk.indexed.ts";
import { memoryDisk } from "./disk.memory.ts";
import type { SyncDisk } from "./disk.ts";
import { watchNetwork } from "./network.ts";
import { indexedMemo } from "./whose.indexed.ts";
import { guarded, placeOf, whoseIs, type Whose } from "./whose.ts";

/** Which hub, as whom, and where writes are kept. */
export interface OpenCollectionsOptions {
  /** Where a hub's web listener answers; the page's own origin unless told otherwise. */
  readonly baseUrl?: string;
  /** A session's secret, asked for before each call; where a cookie signs the page in, none. */
  readonly session?: () => string;
  /** Instead of both: a transport of your own. */
  readonly transport?: Transport;
  /**
   * The name of an IndexedDB, "memory" to keep nothing beyond the page, or a disk of your own. Of
   * one name each person has their own, in each tenant of each hub.
   */
  readonly disk: string | SyncDisk;
  /** Bytes of writes that may wait for the hub: 64 MiB unless told otherwise. */
  readonly outboxBytesMax?: number;
  /** Told that `status()` may say something else. */
  readonly changed?: () => void;
  /** Clock and chance; the machine's own unless a test hands in others. */
  readonly world?: World;
}

/**
 * Opens collections without a node: in a browser, a Worker or a serverless function, as a person or
 * a program that a hub knows. Reads and writes are local, whether or not the hub answers; the first
 * opening of an IndexedDB asks it who is signed in.
 *
 * @throws FoedusError SYNC_DISK_FAILED, SYNC_FILE_NEWER, and as the hub refuses whom it does not
 * know
 */
export async function openCollections(options: OpenCollectionsOptions): Promise<Collections> {
  const { world = realWorld, transport = transportTo(options), outboxBytesMax, changed } = options;
  const carrier = twinCarrier(createClient(SyncService, transport), world);
  const { disk, whose } = await placed(options, carrier, world);
  const network = watchNetwork();
  const collections = await openCollectionsOn({
    world,
    disk,
    tenant: "",
    carrier: guarded(carrier, whose, world),
    moving: network.gone,
    hopeful: network.back,
    outboxBytesMax,
    changed,
  });
  collections.signal.addEventListener("abort", network.stop, { once: true });
  return collections;
}

interface Placed {
  readonly disk: SyncDisk;
  /** Who wrote what is on it, where that is known. */
  readonly whose?: Whose | undefined;
}

async function placed(
  { disk, baseUrl = "" }: OpenCollectionsOptions,
  carrier: Carrier,
  world: World,
): Promise<Placed> {
  if (typeof disk === "object") return { disk };
  if (disk === "memory") return { disk: memoryDisk() };
  const whose = await whoseIs(carrier, indexedMemo(`${disk}@${baseUrl}`), world);
  return { disk: indexedDisk(placeOf(disk, whose), world), whose };
}

function transportTo({ baseUrl = pageOrigin(), session }: OpenCollectionsOptions): Transport {
  const shown: Interceptor = (next) => (request) => {
    if (session !== undefined) request.header.set("authorization", `Bearer ${session()}`);
    return next(request);
  };
  return createConnectTransport({ baseUrl, useBinaryFormat: true, interceptors: [shown] });
}

function pageOrigin(): string {
  const location = Reflect.get(globalThis, "location") as { readonly origin: string } | undefined;
  if (location === undefined) throw new Error("no page is here: name a baseUrl or a transport");
  return location.origin;
}
