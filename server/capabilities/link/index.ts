import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Capability, Service } from "../../runtime/capability.ts";
import { endedLoop } from "./ended.loop.ts";
import { linkRpc } from "./link.rpc.ts";
import { linkStore } from "./link.store.ts";

/** Live connections: what both ends agreed on, and what passed. */
export const link: Capability = {
  name: "link",
  tier: Tier.P0,
  async start(hub) {
    const { storage } = hub;
    // A half until the peers' half is here: `service(LinkService, { ...linkRpc(…), ...peerRpc(…) })`.
    const half = { ...linkRpc(hub, linkStore(storage)) } as object as Service["implementation"];
    return {
      services: [{ desc: LinkService, implementation: half }],
      loops: [endedLoop(storage)],
    };
  },
};
