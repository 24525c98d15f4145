import type { ServiceImpl } from "@connectrpc/connect";
import type { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { Hub } from "../../runtime/capability.ts";

/** Looking at the hub. */
export function hubRpc(hub: Hub): ServiceImpl<typeof HubService> {
  return {
    getStatus() {
      return { status: hub.status() };
    },
    getConfig() {
      return { entries: hub.configEntries() };
    },
  };
}
