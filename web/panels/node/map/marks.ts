/** What the benches read: when the nodes were here, when they were seen, when they could be used. */
export type Milestone = "foedus:nodes" | "foedus:frame" | "foedus:cards";

/** Tells the first time something happened. */
export function markOnce(name: Milestone): void {
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}

/** A frame is on the screen when the next one begins. */
export function markFrame(): void {
  if (performance.getEntriesByName("foedus:frame").length > 0) return;
  requestAnimationFrame(() => requestAnimationFrame(() => markOnce("foedus:frame")));
}
