import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Capability } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { endedLoop } from "./ended.loop.ts";
import { linkRpc } from "./link.rpc.ts";
import { linkStore } from "./link.store.ts";
import { openPeers } from "./peer.flow.ts";

/** Live connections: what both ends agreed on, and what passed. */
export const link: Capability = {
  name: "link",
  tier: Tier.P0,
  async start(hub) {
    const { storage } = hub;
    const peers = await openPeers(hub);
    const implementation = { ...linkRpc(hub, linkStore(storage)), ...peers.half };
    return {
      services: [service(LinkService, implementation)],
      loops: [endedLoop(storage), ...peers.loops],
      authenticatePeer: peers.authenticatePeer,
    };
  },
};
