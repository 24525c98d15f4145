import type { Loop } from "../capability.ts";
import { turnDays } from "./days.ts";
import { forgetAnswers } from "./decide.ts";
import type { LogName } from "./log.ts";
import type { Storage } from "./storage.ts";

/**
 * Long enough for a follower that was away over a long weekend, and for a look at what happened.
 */
export const outboxDays = 7;
const hourMs = 3_600_000;

/** What the runtime's own tables need, now and every hour. */
export function upkeepLoops(storage: Storage): Loop[] {
  const outbox = daysLoop(storage, "outbox", () => outboxDays);
  const answers = hourly(storage, "answers", async () => void (await forgetAnswers(storage)));
  return [outbox, answers];
}

/** Turns the days of a log: `keepDays` is asked each time, since the config may change. */
export function daysLoop(storage: Storage, log: LogName, keepDays: () => number): Loop {
  return hourly(
    storage,
    `${log}.days`,
    async () => void (await turnDays(storage, log, keepDays())),
  );
}

/** A loop that does something now and every hour. */
export function hourly(storage: Storage, name: string, act: () => Promise<void>): Loop {
  return {
    name,
    async run(signal) {
      while (!signal.aborted) {
        await act();
        await storage.world.timers.sleep(hourMs, signal);
      }
    },
  };
}
