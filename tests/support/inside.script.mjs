// Runs in the browser before anything of the page's own: `inside.ts` hands its text over. It notes
// what only the page itself can see, under `globalThis.foedusInside`.

let gaps = [];
let lastMs = 0;
let shifts = 0;
const violations = [];
const drawn = Promise.withResolvers();

function frame(nowMs) {
  if (lastMs > 0) gaps.push(nowMs - lastMs);
  lastMs = nowMs;
  requestAnimationFrame(frame);
}

addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
  violations.push(`${violatedDirective}: ${blockedURI} ${sample}`);
});

const observer = new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shifts += value;
});
observer.observe({ type: "layout-shift", buffered: true });

const look = new MutationObserver(() => {
  if (document.querySelector("[data-node],[data-cluster]") === null) return;
  look.disconnect();
  // The first of the two begins before what was mounted is painted, the second after.
  requestAnimationFrame(() => requestAnimationFrame(() => drawn.resolve(performance.now())));
});
look.observe(document, { childList: true, subtree: true });

globalThis.foedusInside = {
  /** Forgets frames and shifts, and notes them from now on. */
  watch() {
    observer.takeRecords();
    [gaps, shifts] = [[], 0];
    if (lastMs === 0) requestAnimationFrame(frame);
  },
  noted: () => ({ gapsMs: gaps, shifts, violations }),
  /** When nodes were first drawn, after the navigation began. */
  drawn: () => drawn.promise,
  /** Resolves after so many frames. */
  frames: (left) =>
    new Promise((resolve) => {
      const next = (more) => (more === 0 ? resolve() : requestAnimationFrame(() => next(more - 1)));
      next(left);
    }),
};
