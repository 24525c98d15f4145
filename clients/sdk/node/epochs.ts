import { nextEpoch } from "../membership/clock-file.ts";
import type { NodeKit } from "../link/kit.ts";

/** The number that sets this run of the node apart from all before. */
export interface Epochs {
  /** The present one; made when first asked for, once the hub's time is known. */
  current(): Promise<number>;
  /** A new one past `known`, for a line of counting that cannot go on; others keep theirs. */
  renewed(known?: number): Promise<number>;
}

/** Epochs of one store, one after the other. */
export function openEpochs({ store, clock }: Pick<NodeKit, "store" | "clock">): Epochs {
  let last: Promise<number> | undefined;
  const renewed = (known = 0) => {
    const before = last ?? Promise.resolve(0);
    return (last = before.then(() => nextEpoch(store, clock, known)));
  };
  return { current: () => last ?? renewed(), renewed };
}
