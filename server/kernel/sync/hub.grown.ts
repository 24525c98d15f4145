import { goOn, settle } from "./hub.feed.ts";
import { noteStream } from "./hub.hello.ts";
import { advanced } from "./hub.standing.ts";
import { followersOf, type Grown, type HubEffect, type HubState } from "./hub.state.ts";

/**
 * Another process over the same log has committed to it: who follows it here is sent what is new.
 * A commit of this process that is under way goes on; its answer may well be the older of the two.
 */
export function onGrown(state: HubState, grown: Grown): readonly HubEffect[] {
  const { key, standing, whose, atParent } = grown;
  const isNew = whose !== undefined && !state.streams.has(key);
  const effects = isNew
    ? noteStream(state, { ...whose, standing })
    : advanced(state, key, standing);
  const carried = state.streams.get(key);
  if (carried !== undefined && whose !== undefined) carried.isShared = true;
  const isSame = carried?.epoch === standing.epoch;
  return [
    ...effects,
    ...(isSame && atParent !== undefined ? settle(state, key, atParent) : []),
    ...followersOf(state, key).flatMap((session) => goOn(state, session, key)),
  ];
}
