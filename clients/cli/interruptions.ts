import type { FoedusError } from "@foedus/sdk/error.ts";
import { good, warn } from "./paint.ts";
import type { Print } from "./print.ts";

/** Tells once that the hub went, and once that it is back. */
export interface Interruptions {
  readonly lost: (error: FoedusError) => void;
  readonly back: () => void;
}

/** For streams that wait for a hub that goes and comes back. */
export function interruptions(print: Print): Interruptions {
  let away = false;
  return {
    lost(error) {
      if (!away)
        print.note(warn(`The hub is away (${error.message}). Waiting for it; Ctrl-C ends.`));
      away = true;
    },
    back() {
      if (away) print.note(good("The hub is back; going on where we were."));
      away = false;
    },
  };
}
