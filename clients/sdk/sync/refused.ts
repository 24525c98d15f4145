import { Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { backoffMs, type Backoff } from "@foedus/kernel/backoff.ts";
import type { Timer, World } from "@foedus/kernel/world.ts";

/** A hub that takes a stream after all mostly says so by ending the session; not each one does. */
const again: Backoff = { firstMs: 15_000, lastMs: 300_000 };

interface Wait {
  readonly count: number;
  readonly timer: Timer;
}

/** Streams that the hub refused are asked for again, more and more seldom. */
export class Refused {
  readonly #world: World;
  readonly #ask: (key: string) => void;
  readonly #waits = new Map<string, Wait>();

  constructor(world: World, ask: (key: string) => void) {
    this.#world = world;
    this.#ask = ask;
  }

  /** Takes note of what the hub said of a stream. */
  hear(key: string, { frame }: Frame): void {
    if (frame.case !== "resumed") return;
    const before = this.#waits.get(key);
    before?.timer.cancel();
    this.#waits.delete(key);
    if (frame.value.mode !== Resume.REFUSED) return;
    const count = (before?.count ?? 0) + 1;
    const waitMs = backoffMs(again, count, this.#world.random);
    const timer = this.#world.timers.after(waitMs, () => this.#ask(key));
    this.#waits.set(key, { count, timer });
  }
}
