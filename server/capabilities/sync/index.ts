import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Capability, Hub, Loop } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import { collectionRpc } from "./collection.rpc.ts";
import { openCore } from "./core.loop.ts";
import type { Driver } from "./driver.loop.ts";
import { noDrivers, type Drivers } from "./drivers.ts";
import { endedLoop } from "./ended.loop.ts";
import { grantStore } from "./grant.store.ts";
import { openDeclared } from "./news.loop.ts";
import { openParents } from "./parent.store.ts";
import { peerRpc } from "./peer.rpc.ts";
import { forgetPeers, peerStore, type PeerStore } from "./peer.store.ts";
import { Remembered } from "./remembered.ts";
import { openSegments } from "./segment.rpc.ts";
import { syncRpc } from "./sync.rpc.ts";
import { uplinkLoop } from "./uplink.loop.ts";

/** Collections that converge, live, after being away, and across a tree of hubs. */
export const sync: Capability = {
  name: "sync",
  tier: Tier.P1,
  async start(hub) {
    const { storage } = hub;
    const [grants, peers] = [grantStore(storage), peerStore(storage)];
    const open: { drivers: Drivers } = { drivers: noDrivers };
    const declared = openDeclared(storage, grants, () => open.drivers);
    const writers = rememberedWriters(storage, peers);
    const forget = () => {
      declared.forgetAll();
      grants.forgetAll();
      writers.forgetAll();
    };
    const core = await openCore(hub, declared, openSegments(hub, peers), forget);
    open.drivers = core.drivers;
    const parents = await openParents(storage, hub.config().tenant);
    const { driver, log } = core;
    const wire = syncRpc({ hub, driver, fetch: log.fetch, grants, writers });
    const loops: Loop[] = [
      declared.loop,
      endedLoop(storage),
      ...core.loops,
      ...(hub.config().parent === "" ? [] : [uplinkLoop(hub, driver, parents)]),
      hourly(storage, "sync.peers", () => forgetPeers(storage)),
    ];
    meter(hub, driver);
    const changed = (signal: AbortSignal) => driver.changed(signal);
    const incarnation = () => driver.state.hub;
    const looked = collectionRpc(hub, { grants, drivers: core.drivers, changed, incarnation });
    return {
      services: [
        service(SyncService, { ...wire, ...peerRpc(hub, peers) }),
        service(CollectionService, looked),
      ],
      loops,
      stop: async () => driver.stop(),
    };
  },
};

/** A key is its first owner's as long as it may write, and each session asks whose it is. */
function rememberedWriters(storage: Storage, peers: Pick<PeerStore, "claim">) {
  const owners = new Remembered<string | undefined>(storage.world.clock);
  return {
    claim: (tenant: TenantId, replica: string, owner: string) =>
      owners.of(`${tenant}/${replica}`, () => peers.claim(tenant, replica, owner)),
    forgetAll: () => owners.clear(),
  };
}

/** How many there are of what an operator looks at. */
function meter({ meters }: Hub, driver: Driver): void {
  meters.gauge("foedus_sync_session", "Open sessions of sync, by who is there.", () => {
    const peers = Map.groupBy(driver.seats(), ({ guest }) => guest.peer);
    return [...peers].map(([peer, seats]) => [seats.length, { peer: peer.toLowerCase() }]);
  });
  meters.gauge("foedus_sync_stream", "Streams that this process carries.", () => [
    [driver.state.streams.size, {}],
  ]);
  meters.gauge("foedus_sync_incident", "What an operator must hear of, since the start.", () =>
    [...driver.incidents].map(([reason, count]) => [count, { reason }]),
  );
}
