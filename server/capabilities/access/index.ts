import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Capability } from "../../runtime/capability.ts";
import { accessRpc } from "./access.rpc.ts";
import { breachLoop } from "./breach.loop.ts";
import { joinedLoop } from "./joined.loop.ts";
import { openNews } from "./news.loop.ts";
import { requestStore } from "./request.store.ts";
import { ruleStore } from "./rule.store.ts";
import { openStandings } from "./standing.store.ts";
import { upkeepLoops } from "./upkeep.loop.ts";

/** Who may join, and who has to wait. */
export const access: Capability = {
  name: "access",
  tier: Tier.P0,
  start(hub) {
    const { storage, draining } = hub;
    const news = openNews(storage);
    const kit = {
      storage,
      draining,
      news,
      requests: requestStore(storage),
      rules: ruleStore(storage),
      standing: openStandings(storage),
    };
    return Promise.resolve({
      services: [accessRpc(kit)],
      loops: [joinedLoop(storage), news.loop, breachLoop(hub), ...upkeepLoops(storage)],
    });
  },
};
