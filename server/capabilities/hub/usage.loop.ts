import type { Hub, Loop } from "../../runtime/capability.ts";
import { readUses } from "./usage.flow.ts";
import { toTell, usageOf } from "./usage.ts";

/** How often limits are looked at: rates are counted by minutes. */
const lookMs = 60_000;

/** Logs what has come to four fifths of its limit, once an hour. */
export function usageLoop(hub: Hub): Loop {
  const told = new Map<string, number>();
  return {
    name: "usage",
    async run(signal) {
      const { world, log } = hub;
      while (!signal.aborted) {
        await world.timers.sleep(lookMs, signal);
        if (signal.aborted) return;
        const limits = (await readUses(hub)).map(usageOf);
        for (const one of toTell(limits, told, world.clock.monotonic())) {
          const { name: limit, subject, used, max, advice } = one;
          const figures = { used: Number(used), max: Number(max) };
          log.warn("a limit is nearly used up", { limit, subject, ...figures, advice });
        }
      }
    },
  };
}
