import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { FoedusError } from "@foedus/sdk/error.ts";
import { persist } from "@foedus/sdk/wire/persist.ts";
import type { CliContext } from "./context.ts";
import type { HubClient } from "./hub-client.ts";
import { good, warn } from "./paint.ts";

/** Tells once that the hub went, and once that it is back. */
export interface Interruptions {
  readonly lost: (error: FoedusError) => void;
  readonly back: () => void;
}

/** For streams that wait for a hub that goes and comes back. */
export function interruptions(context: CliContext, hub: HubClient): Interruptions {
  const { print, world, signal } = context;
  let away = false;
  const back = () => {
    if (away) print.note(good("The hub is back; going on where we were."));
    away = false;
  };
  // A stream may be open again and have nothing to tell; people want to know all the same.
  const watchForReturn = async () => {
    try {
      await persist(() => hub.as(HubService).getStatus({}, hub.call), { world, signal });
      back();
    } catch {
      // What does not pass ends the stream too, which tells it.
    }
  };
  return {
    back,
    lost(error) {
      if (away) return;
      away = true;
      const why = error.reason === Reason.HUB_UNREACHABLE ? "" : ` (${error.message})`;
      print.note(warn(`The hub is away${why}. Waiting for it; Ctrl-C ends.`));
      void watchForReturn();
    },
  };
}
