import { after } from "./clock.ts";

/** A hidden page gives its connection back: browsers allow six to a host over HTTP/1.1. */
export const hiddenMs = 20_000;

/** Starts while the page is seen and stops a while after it is hidden; hurries when online again. */
export function whenVisible(start: () => void, stop: () => void, hurry: () => void): () => void {
  let cancel = () => {};
  function look() {
    cancel();
    if (document.visibilityState === "visible") start();
    else cancel = after(hiddenMs, stop);
  }
  look();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", hurry);
  return () => {
    cancel();
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", hurry);
  };
}
