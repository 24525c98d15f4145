import type { ServiceImpl } from "@connectrpc/connect";
import type { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import type { Hub } from "../../runtime/capability.ts";
import { conflictRpc } from "./conflict.rpc.ts";
import { declaredRpc } from "./declared.rpc.ts";
import { declaredStore } from "./declared.store.ts";
import { digestRpc } from "./digest.rpc.ts";
import type { Drivers } from "./drivers.ts";
import { grantRpc, openZones } from "./grant.rpc.ts";
import type { GrantStore } from "./grant.store.ts";
import { openNames } from "./names.flow.ts";
import { statusRpc } from "./status.rpc.ts";

/** What looking after sync takes beside the hub. */
export interface CollectionKit {
  readonly grants: GrantStore;
  readonly drivers: Drivers;
  /** Resolves when anything of the running sessions was committed, acknowledged or closed. */
  changed(signal: AbortSignal): Promise<void>;
  /** The incarnation that stamps now. */
  incarnation(): string;
}

/** Streams, who follows them, conflicts, and what is permitted. */
export function collectionRpc(hub: Hub, kit: CollectionKit): ServiceImpl<typeof CollectionService> {
  const { storage } = hub;
  const { grants, drivers, changed } = kit;
  const names = openNames(hub);
  const zonesOf = openZones(hub, grants);
  const clerk = () => ({ hub: kit.incarnation(), rules, limits });
  return {
    ...grantRpc(hub, grants, names),
    ...declaredRpc(declaredStore(storage)),
    ...statusRpc({ storage, drivers, names, zonesOf, changed }, () => hub.config().zones),
    ...conflictRpc({ storage, names, zonesOf, clerk }),
    ...digestRpc({ storage, zonesOf }),
  };
}
