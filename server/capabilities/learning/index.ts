import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { Capability } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { follow } from "../../runtime/storage/follow.ts";
import { cycleLoop } from "./cycle.loop.ts";
import { endedLoop } from "./ended.loop.ts";
import { keepLoop } from "./keep.loop.ts";
import { learningRpc } from "./learning.rpc.ts";
import { learningStore } from "./learning.store.ts";
import { witnessing } from "./witness.store.ts";

/** How far each node is to be trusted, and what the network agrees on. */
export const learning: Capability = {
  name: "learning",
  tier: Tier.P2,
  start(hub) {
    const { storage } = hub;
    const store = learningStore(storage);
    const witness = witnessing(hub.identity.trustDomain);
    const loops = [
      { name: witness.name, run: (signal: AbortSignal) => follow(storage, witness, signal) },
      cycleLoop(hub, store),
      keepLoop(hub, store),
      endedLoop(hub, store),
    ];
    return Promise.resolve({
      services: [service(LearningService, learningRpc(hub, store))],
      loops,
    });
  },
};
