import type { World } from "@foedus/kernel/world.ts";

/** After so much work at a stretch the rest of the program has its turn. */
const busyMsMax = 10;

/** Work that would hold up a program gives it its turn now and then. */
export class Turns {
  readonly #world: Pick<World, "clock" | "timers">;
  /** When this stretch began; undefined once the rest of the program has had its turn. */
  #sinceMs: number | undefined;

  constructor(world: Pick<World, "clock" | "timers">) {
    this.#world = world;
  }

  /** Undefined unless it is time: then resolves once the rest has had its turn. */
  due(): Promise<void> | undefined {
    const { clock, timers } = this.#world;
    const nowMs = clock.monotonic();
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      // Whatever else gives it its turn, for example a disk that is waited for, ends the stretch.
      timers.after(0, () => (this.#sinceMs = undefined));
      return undefined;
    }
    return nowMs - this.#sinceMs > busyMsMax ? timers.sleep(0) : undefined;
  }
}
