import type { PersonCaller } from "@foedus/kernel/caller.ts";
import type { Clock } from "@foedus/kernel/world.ts";

/** How long a session is believed without a look: a sign-out at another hub is felt then. */
export const believeMs = 1_000;
const sessionsMax = 10_000;

/** Sessions that were looked up lately, by secret. */
export interface SeenSessions {
  get(secret: string): PersonCaller | undefined;
  put(secret: string, caller: PersonCaller): void;
  /** Forgets all of a session at once. */
  drop(sessionId: string): void;
}

/** Nobody was seen yet. */
export function openSeen(clock: Clock): SeenSessions {
  const seen = new Map<string, { caller: PersonCaller; untilMs: number }>();
  return {
    get(secret) {
      const found = seen.get(secret);
      if (found !== undefined && found.untilMs > clock.monotonic()) return found.caller;
      seen.delete(secret);
      return undefined;
    },
    put(secret, caller) {
      const [oldest] = seen.keys();
      if (seen.size >= sessionsMax && oldest !== undefined) seen.delete(oldest);
      seen.set(secret, { caller, untilMs: clock.monotonic() + believeMs });
    },
    drop(sessionId) {
      for (const [secret, { caller }] of seen) {
        if (caller.sessionId === sessionId) seen.delete(secret);
      }
    },
  };
}
