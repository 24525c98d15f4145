import type { NodeStore } from "@foedus/sdk/store/store.ts";

/** For whoever looks at a hub without being a node: there is nothing, and nothing is kept. */
export const emptyStore: NodeStore = {
  place: "nowhere",
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  hold: () => Promise.resolve({ release: () => undefined }),
};
