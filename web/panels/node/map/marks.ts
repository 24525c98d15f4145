/** What the benches read: when the nodes were here, when they were seen, when they could be used. */
export type Milestone = "foedus:nodes" | "foedus:frame" | "foedus:cards";

/** Tells the first time something happened. */
export function markOnce(name: Milestone): void {
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}

const seen = Promise.withResolvers<undefined>();
let isPainted = false;

/** A frame was painted: it is on the screen when the one after the next begins. */
export function markFrame(): void {
  if (isPainted) return;
  isPainted = true;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      markOnce("foedus:frame");
      seen.resolve(undefined);
    }),
  );
}

/** Resolves when the first frame is on the screen, so that nothing that can wait delays it. */
export function whenSeen(): Promise<undefined> {
  return seen.promise;
}
