import type { Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { flowsOf, type Flow } from "./figure.store.ts";

/** How often it is looked how much went through. */
const lookMs = 10_000;
/** Figures are over the last five minutes. */
const spanMs = 300_000;
const minuteMs = 60_000;
/** Claims that are remembered for a queue's median. */
const waitsMax = 256;

interface Sample {
  readonly atMs: number;
  readonly submitted: number;
  readonly completed: number;
}

/** How fast a queue goes. */
export interface Speed {
  readonly submittedPerMinute: number;
  readonly completedPerMinute: number;
  /** From ready to claimed; undefined when nothing was claimed here. */
  readonly waitMedianMs: number | undefined;
}

/** How fast queues go, as this process sees it. */
export class Pace {
  readonly #storage: Storage;
  readonly #samples = new Map<string, Sample[]>();
  readonly #waits = new Map<string, { readonly atMs: number; readonly ms: number }[]>();
  #flows: readonly Flow[] = [];

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** As of the last look. */
  get flows(): readonly Flow[] {
    return this.#flows;
  }

  /** A task was claimed here after so long. */
  waited(tenant: string, queue: string, ms: number): void {
    const key = `${tenant}/${queue}`;
    const waits = this.#waits.get(key) ?? [];
    this.#waits.set(key, waits);
    waits.push({ atMs: this.#nowMs(), ms });
    if (waits.length > 2 * waitsMax) waits.splice(0, waits.length - waitsMax);
  }

  speedOf(tenant: string, queue: string, now: Pick<Flow, "submitted" | "completed">): Speed {
    const key = `${tenant}/${queue}`;
    const nowMs = this.#nowMs();
    const first = this.#samples.get(key)?.find(({ atMs }) => nowMs - atMs <= spanMs);
    const minutes = Math.max(nowMs - (first?.atMs ?? nowMs), lookMs) / minuteMs;
    const per = (count: number) => Math.max(0, count) / minutes;
    const waits = (this.#waits.get(key) ?? []).filter(({ atMs }) => nowMs - atMs <= spanMs);
    const sorted = waits.map(({ ms }) => ms).toSorted((one, other) => one - other);
    return {
      submittedPerMinute: per(now.submitted - (first?.submitted ?? now.submitted)),
      completedPerMinute: per(now.completed - (first?.completed ?? now.completed)),
      waitMedianMs: sorted[Math.floor(sorted.length / 2)],
    };
  }

  async look(): Promise<void> {
    this.#flows = await flowsOf(this.#storage);
    const atMs = this.#nowMs();
    for (const { tenant, queue, submitted, completed } of this.#flows) {
      const key = `${tenant}/${queue}`;
      const samples = this.#samples.get(key) ?? [];
      const kept = samples.filter((sample) => atMs - sample.atMs <= spanMs);
      this.#samples.set(key, [...kept, { atMs, submitted, completed }]);
    }
  }

  loop(): Loop {
    return {
      name: "task.pace",
      run: async (signal) => {
        while (!signal.aborted) {
          await this.look();
          await this.#storage.world.timers.sleep(lookMs, signal);
        }
      },
    };
  }

  #nowMs(): number {
    return this.#storage.world.clock.monotonic();
  }
}
