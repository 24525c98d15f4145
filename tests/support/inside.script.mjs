// Runs in the browser before anything of the page's own: `inside.ts` hands its text over. It notes
// what only the page itself can see, under `globalThis.foedusInside`.

let gaps = [];
let lastMs = 0;
let shifts = [];
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

/**
 * A word that is replaced by a longer one and aligned to the right begins further to the left, and
 * moves nothing: what keeps one of its sides has not moved.
 */
function hasMoved({ previousRect: was, currentRect: is }) {
  const keepsSide = Math.abs(was.left - is.left) < 1 || Math.abs(was.right - is.right) < 1;
  return !keepsSide || Math.abs(was.top - is.top) >= 1;
}

/** How far, and what: the sum alone would leave somebody looking for it. */
function wordsOf({ value, sources }) {
  const parts = sources.filter(hasMoved).map(({ node, previousRect: was, currentRect: is }) => {
    const text = (node?.textContent ?? "").slice(0, 40);
    const [from, to] = [was, is].map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`);
    return `${node?.nodeName} "${text}" from ${from} to ${to}`;
  });
  return `${value.toFixed(6)}: ${parts.join("; ")}`;
}

const observer = new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const { hadRecentInput, sources } = shift;
    if (!hadRecentInput && sources.some(hasMoved)) shifts.push(wordsOf(shift));
  }
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
    [gaps, shifts] = [[], []];
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
