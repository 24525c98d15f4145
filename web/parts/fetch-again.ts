import { clock } from "./clock.ts";
import { waitMs } from "./follow.ts";

/**
 * Fetches a part of the page that was left out of the first load. While the hub is away it tries
 * again and again: a lazy component would keep the first failure for good.
 */
export async function fetchAgain<Module>(load: () => Promise<Module>): Promise<Module> {
  const never = new AbortController().signal;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch {
      await clock.wait(waitMs(attempt, clock.fraction()), never);
    }
  }
}
