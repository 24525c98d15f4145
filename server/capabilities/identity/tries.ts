import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { RateState } from "@foedus/kernel/rate.ts";
import { takeRate } from "@foedus/kernel/rate.ts";
import type { Clock } from "@foedus/kernel/world.ts";

/** Wrong secrets a minute from one address. */
export const triesRate = { perMinute: 5, burst: 5 };

/** Addresses remembered at once; the one that failed first is forgotten first. */
const addressesMax = 10_000;

/** Counts wrong secrets by address. Right ones do not count, so a fleet joins from one address. */
export interface Tries {
  /** @throws Fault RATE_LIMITED after too many wrong ones. */
  refuseGuesser(address: string): void;
  /** Counts a wrong one. @throws Fault RATE_LIMITED when it is one too many. */
  wrong(address: string): void;
}

/** Nobody tried yet. */
export function openTries(clock: Clock): Tries {
  const states = new Map<string, RateState>();
  return {
    refuseGuesser(address) {
      const state = states.get(address);
      if (state !== undefined) limit({ ...state }, clock);
    },
    wrong(address) {
      const state = states.get(address) ?? { dueMs: 0 };
      if (!states.has(address)) remember(states, address, state);
      limit(state, clock);
    },
  };
}

function limit(state: RateState, clock: Clock): void {
  const retryMs = takeRate(state, triesRate, clock.monotonic());
  if (retryMs === 0) return;
  throw new Fault(Reason.RATE_LIMITED, {
    limit: `${triesRate.perMinute} a minute`,
    rate_class: "wrong tokens and proofs",
    retry_ms: retryMs,
  });
}

function remember(states: Map<string, RateState>, address: string, state: RateState): void {
  const [oldest] = states.keys();
  if (states.size >= addressesMax && oldest !== undefined) states.delete(oldest);
  states.set(address, state);
}
