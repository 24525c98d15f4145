import { commitNext } from "./hub.intake.ts";
import { lookAnew } from "./hub.hello.ts";
import { closing, followersOf, type HubEffect, type HubState } from "./hub.state.ts";
import type { LogRequest } from "./log.ts";

/**
 * The log gave no answer. Nothing is acknowledged, and whoever waited for it is cut as by a crash:
 * they say hello again, and send again what may not have been stored. What was stored after all is
 * looked for, and goes to all others.
 */
export function onFailed(state: HubState, request: LogRequest): readonly HubEffect[] {
  if (request.type === "lease") return [];
  if (request.type === "look" && request.ref.session === "") {
    // Nobody knows how far the log is: whoever follows it comes back, and has it looked at.
    return cut(
      state,
      followersOf(state, request.ref.key).map(({ session }) => session),
    );
  }
  if (request.type !== "commit") return cut(state, [request.ref.session]);
  const { key, items } = request;
  const carried = state.streams.get(key);
  const effects = cut(state, new Set(items.map(({ session }) => session)));
  if (carried === undefined) return effects;
  carried.isCommitting = false;
  return [...effects, lookAnew(state, key, carried), ...commitNext(state, key, carried)];
}

function cut(state: HubState, sessions: Iterable<string>): HubEffect[] {
  return [...sessions]
    .filter((session) => state.sessions.has(session))
    .map((session) => closing(state, session, "the log does not answer"));
}
