import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Capability } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { upkeepLoops } from "../../runtime/storage/upkeep.ts";
import { hubRpc } from "./hub.rpc.ts";
import { openProcess } from "./process.loop.ts";
import { usageLoop } from "./usage.loop.ts";

/** The hub itself. */
export const hub: Capability = {
  name: "hub",
  tier: Tier.P0,
  async start(hub) {
    const place = await openProcess(hub);
    const services = [service(HubService, hubRpc(hub))];
    return { services, loops: [place, usageLoop(hub), ...upkeepLoops(hub.storage)] };
  },
};
