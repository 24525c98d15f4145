import { closing, followersOf, isUnwritten, noteWritten } from "./hub.state.ts";
import type { HubEffect, HubState } from "./hub.state.ts";
import type { Standing } from "./log.ts";

/**
 * Takes over how far a log has come, if it is further: two processes over one log hear of each
 * other late and in any order. In another life of the log all places mean something else.
 */
export function advanced(
  state: HubState,
  key: string,
  { epoch, head, vector }: Standing,
  except?: string,
): readonly HubEffect[] {
  const carried = state.streams.get(key);
  if (carried === undefined) return [];
  const isRebuilt = carried.epoch !== epoch;
  if (isRebuilt || head > carried.head) {
    Object.assign(carried, { epoch, head, vector });
    if (!isUnwritten(carried)) noteWritten(state, key, carried.tenant);
  }
  return isRebuilt ? rebuilt(state, key, except) : [];
}

/** The log is another: whoever follows it must say hello again. */
export function rebuilt(state: HubState, key: string, except?: string): readonly HubEffect[] {
  const carried = state.streams.get(key);
  if (carried !== undefined) carried.queue.length = 0;
  return followersOf(state, key)
    .filter(({ session }) => session !== except)
    .map(({ session }) => closing(state, session, "the log was rebuilt"));
}
