import { after } from "../../parts/clock.ts";

/** Something that is done a while after it is first wished for, however often it is wished for. */
export interface Soon {
  readonly wish: () => void;
  readonly stop: () => void;
}

/** A burst is one reason; and one that never ends is a reason again and again. */
export function soon(waitMs: number, act: () => void, later = after): Soon {
  let cancel: (() => void) | undefined;
  return {
    wish() {
      cancel ??= later(waitMs, () => {
        cancel = undefined;
        act();
      });
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
