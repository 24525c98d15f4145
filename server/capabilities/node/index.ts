import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { Capability } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { openTails } from "../../runtime/storage/tail.ts";
import { openLiveness } from "./liveness.loop.ts";
import { nodeRpc } from "./node.rpc.ts";
import { nodeStore } from "./node.store.ts";
import { openPulses } from "./pulse.loop.ts";
import { revokedLoop } from "./revoked.loop.ts";

/** Who is there, and how they are. */
export const node: Capability = {
  name: "node",
  tier: Tier.P0,
  async start(hub) {
    const { storage } = hub;
    const store = nodeStore(storage);
    const liveness = openLiveness(hub, store);
    const tails = openTails(storage, "outbox", hub.log);
    const kit = { storage, store, tails, pulses: openPulses(hub) };
    return {
      services: [service(NodeService, nodeRpc(hub, kit, liveness))],
      loops: [liveness.loop, revokedLoop(storage)],
    };
  },
};
