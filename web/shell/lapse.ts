const listeners = new Set<() => void>();
const channel = new BroadcastChannel("foedus.session");

/** The hub does not know the session any more: whoever shows something asks it again. */
export function lapse(): void {
  for (const listener of listeners) listener();
}

/** Another page of this browser should ask again too: somebody signed in or out. */
export function tellOtherPages(): void {
  channel.postMessage("changed");
}

/** Called when the session may have changed; returns how to stop. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  channel.addEventListener("message", listener);
  return () => {
    listeners.delete(listener);
    channel.removeEventListener("message", listener);
  };
}
