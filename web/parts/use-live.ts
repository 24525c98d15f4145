import { useEffect, useSyncExternalStore } from "react";
import type { Connection } from "./follow.ts";
import type { Live } from "./live.ts";

/** The state, again whenever it changes. */
export function useLive<State>(live: Live<State>): State {
  return useSyncExternalStore(live.subscribe, live.read);
}

/** How its stream stands. */
export function useConnection<State>(live: Live<State>): Connection {
  return useSyncExternalStore(live.subscribe, live.connection);
}

/** Keeps its stream open while the component is shown. */
export function useHold<State>(live: Live<State>): void {
  useEffect(() => live.hold(), [live]);
}
