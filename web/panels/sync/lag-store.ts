import type { Transport } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { useEffect, useSyncExternalStore } from "react";
import { fetchAgain } from "../../parts/fetch-again.ts";
import { type Lags, noLags } from "./lags.ts";

/** The same until somebody is told to follow a stream: a map without sync draws nothing twice. */
let lags = noLags;
const listeners = new Set<() => void>();

/** How far the nodes are behind, as the map last heard. */
export function useLags(): Lags {
  return useSyncExternalStore(subscribe, readLags);
}

/** Watches them while the component is shown, from when `ready` resolves. */
export function useLagWatch(ready: () => Promise<unknown>): void {
  const transport = useTransport();
  useEffect(() => {
    const leaving = new AbortController();
    void watch(transport, ready, leaving.signal);
    return () => {
      leaving.abort();
      tell(noLags);
    };
  }, [transport, ready]);
}

/** What watches is fetched late too: the first frame needs none of it. */
async function watch(transport: Transport, ready: () => Promise<unknown>, signal: AbortSignal) {
  await ready();
  if (signal.aborted) return;
  const { watchLags } = await fetchAgain(() => import("./lag-watch.ts"));
  await watchLags(transport, signal, (next) => {
    if (!signal.aborted) tell(next);
  });
}

function tell(next: Lags): void {
  if (next === lags) return;
  lags = next;
  for (const listener of listeners) listener();
}

function readLags(): Lags {
  return lags;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
