import { join, resolve } from "node:path";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { Capability, Hub } from "../runtime/capability.ts";
import { enter } from "./enter.ts";
import { beNode } from "./member.ts";
import type { Standing } from "./standing.ts";
import { openStanding } from "./standing.ts";

/** How often a parent that refused or did not answer is asked again. */
const uplinkBackoff = { firstMs: 1_000, lastMs: 60_000 };

/**
 * This hub as a node of one parent, by the same SDK as any other node. Shed first, and tried again
 * for ever: whatever becomes of it, the hub itself goes on.
 */
export const uplink: Capability = {
  name: "uplink",
  tier: Tier.P2,
  async start(hub) {
    const standing = openStanding(hub);
    const run = async (signal: AbortSignal) => {
      // A hub that begins to stop leaves its parent, while those it asks about itself still answer.
      await keepUp(hub, standing, AbortSignal.any([signal, hub.draining]));
      await once(signal);
    };
    return { loops: [{ name: "parent", run }], uplink: standing.told };
  },
};

async function once(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

async function keepUp(hub: Hub, standing: Standing, signal: AbortSignal): Promise<void> {
  // Among what a backup holds, so that a restored hub is the node it was.
  const folder = join(resolve(hub.config().data), "keys", "parent");
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await enter(hub, folder, standing, signal);
      await beNode(hub, folder, standing, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = errorOf(thrown, "the parent");
      if (standing.connected()) attempt = 1;
      standing.failed(error);
      hub.log.warn("the parent does not take this hub", { error });
      await hub.world.timers.sleep(backoffMs(uplinkBackoff, attempt, hub.world.random), signal);
    }
  }
}
