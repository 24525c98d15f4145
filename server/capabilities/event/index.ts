import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Capability, Loop } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { turnDays } from "../../runtime/storage/days.ts";
import { follow } from "../../runtime/storage/follow.ts";
import { hear } from "../../runtime/storage/hear.ts";
import { openTails } from "../../runtime/storage/tail.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import { eventLog } from "./append.store.ts";
import { eventRpc } from "./event.rpc.ts";
import { openForeigners } from "./foreign.rpc.ts";
import { forgetLatest } from "./latest.store.ts";
import { families } from "./publish.rpc.ts";
import { refusedLoop } from "./refused.loop.ts";
import { Refusals } from "./refused.ts";
import { relay } from "./relay.store.ts";
import { openSigners } from "./signer.rpc.ts";

/** What was told, by whom, in which order, and what proves it. */
export const event: Capability = {
  name: "event",
  tier: Tier.P1,
  async start(hub) {
    const { storage, identity } = hub;
    const signers = openSigners(hub);
    const refusals = new Refusals();
    const foreigners = openForeigners(hub);
    const relayed = relay(identity, families);
    const keepDays = () => hub.config().eventDays;
    // Before anything is stored: what lands outside of a day's partition never leaves.
    await turnDays(storage, eventLog, keepDays());
    const loops: Loop[] = [
      { name: relayed.name, run: (signal) => follow(storage, relayed, signal) },
      { name: "event.signers", run: (signal) => hear(storage, signers.hearer, signal) },
      { name: "event.foreigners", run: (signal) => hear(storage, foreigners.hearer, signal) },
      refusedLoop(storage, refusals),
      hourly(storage, "event.days", async () => {
        await turnDays(storage, eventLog, keepDays());
        await forgetLatest(storage);
      }),
    ];
    const kit = { storage, tails: openTails(storage, eventLog, hub.log) };
    const implementation = eventRpc(hub, kit, signers, refusals, foreigners);
    return { services: [service(EventService, implementation)], loops };
  },
};
