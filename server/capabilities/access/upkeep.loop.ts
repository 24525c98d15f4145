import type { Loop } from "../../runtime/capability.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { expireRequests, forgetRequests } from "./ended.store.ts";

const lookMs = 30_000;

/** How long one may look up what became of a wish. */
const endedKeptMs = 7 * 86_400_000;

/** Ends wishes nobody decided, and forgets what ended long ago. */
export function upkeepLoops(storage: Storage): Loop[] {
  return [
    {
      name: "access.lapse",
      async run(signal) {
        while (!signal.aborted) {
          await expireRequests(storage);
          await storage.world.timers.sleep(lookMs, signal);
        }
      },
    },
    hourly(storage, "access.forget", () => forgetRequests(storage, storage.nowMs() - endedKeptMs)),
  ];
}
