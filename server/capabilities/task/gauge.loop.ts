import type { Hub, Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Crew } from "./crew.flow.ts";
import type { Desk } from "./desk.loop.ts";
import { countDead, totalsOf, type Totals } from "./gauge.store.ts";
import type { Watches } from "./watch.loop.ts";

/** How old the figures may be that operators are shown. */
const lookMs = 15_000;
/** Dead letters are counted each so many looks: there may be very many, and they stay. */
const deadEvery = 4;

/** Figures about all tasks, as of the last look. */
export class Gauges {
  readonly #storage: Storage;
  #totals: Totals = { ready: 0, scheduled: 0, blocked: 0, working: 0, oldestMs: null };
  #dead = 0;
  #looks = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Shows them, and who is here. */
  meter({ meters }: Pick<Hub, "meters">, crew: Crew, desk: Desk, watches: Watches): void {
    const one = (name: string, text: string, read: () => number) =>
      meters.gauge(name, text, () => [[read(), {}]]);
    one("foedus_task_worker", "Workers that are at this process.", () => crew.count());
    one("foedus_task_waiting_worker", "Claims that wait here for tasks.", () => desk.waiting);
    one("foedus_task_watched", "Tasks that somebody watches here.", () => watches.size);
    one("foedus_task_oldest_wait_seconds", "How long the oldest ready task waits.", () =>
      this.#oldestWait(),
    );
    meters.gauge("foedus_task", "Tasks by how they stand; failed ones are dead letters.", () => {
      const { ready, scheduled, blocked, working } = this.#totals;
      const all = { ready, scheduled, blocked, working, failed: this.#dead };
      return Object.entries(all).map(([state, count]) => [Math.max(0, count), { state }]);
    });
  }

  async look(): Promise<void> {
    this.#totals = await totalsOf(this.#storage);
    if (this.#looks % deadEvery === 0) this.#dead = await countDead(this.#storage);
    this.#looks += 1;
  }

  loop(): Loop {
    return {
      name: "task.gauges",
      run: async (signal) => {
        while (!signal.aborted) {
          await this.look();
          await this.#storage.world.timers.sleep(lookMs, signal);
        }
      },
    };
  }

  #oldestWait(): number {
    const { oldestMs } = this.#totals;
    const secondMs = 1_000;
    return oldestMs === null ? 0 : Math.max(0, this.#storage.nowMs() - oldestMs) / secondMs;
  }
}
