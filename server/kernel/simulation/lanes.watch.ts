import { isReady } from "../sync/hub.feed.ts";
import type { HubEffect } from "../sync/hub.state.ts";
import type { HubProcess } from "./hub.process.ts";

/** Reads for a lower lane while lane 0 had something to send, and credit for it. */
export function lanesInverted(
  { name, state }: HubProcess,
  effects: readonly HubEffect[],
): string[] {
  return effects.flatMap((effect) => {
    if (effect.type !== "ask") return [];
    const { request } = effect;
    if (request.type !== "page" && request.type !== "part") return [];
    const session = state.sessions.get(request.ref.session);
    const feed = session?.feeds.get(request.ref.key);
    if (session === undefined || feed === undefined || feed.stream.lane === 0) return [];
    const urgent = [...session.feeds.values()].some(
      (other) => other.stream.lane === 0 && isReady(state, session, other),
    );
    return urgent ? [`${name} serves lane ${feed.stream.lane} before lane 0`] : [];
  });
}
