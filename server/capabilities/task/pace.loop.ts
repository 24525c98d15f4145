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
/** Each so many looks all queues are looked at, to forget those that are there no more. */
const wholeEvery = 360;

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
  readonly #samples = new Map<string, readonly Sample[]>();
  readonly #waits = new Map<string, { readonly atMs: number; readonly ms: number }[]>();
  #looks = 0;
  #mark: string | undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Of how many queues something is remembered. */
  get size(): number {
    return new Set([...this.#samples.keys(), ...this.#waits.keys()]).size;
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
    const first = recent(this.#samples.get(key) ?? [], nowMs)[0];
    // What is older stood like this when the span began: whatever changes is sampled.
    const spentMs = Math.min(nowMs - (first?.atMs ?? nowMs), spanMs);
    const minutes = Math.max(spentMs, lookMs) / minuteMs;
    const per = (count: number) => Math.max(0, count) / minutes;
    const waits = (this.#waits.get(key) ?? []).filter(({ atMs }) => nowMs - atMs <= spanMs);
    const sorted = waits.map(({ ms }) => ms).toSorted((one, other) => one - other);
    return {
      submittedPerMinute: per(now.submitted - (first?.submitted ?? now.submitted)),
      completedPerMinute: per(now.completed - (first?.completed ?? now.completed)),
      waitMedianMs: sorted[Math.floor(sorted.length / 2)],
    };
  }

  /** Samples the queues that changed since the last look. */
  async look(): Promise<void> {
    const isWhole = this.#looks % wholeEvery === 0;
    const { flows, mark } = await flowsOf(this.#storage, isWhole ? undefined : this.#mark);
    const atMs = this.#nowMs();
    if (isWhole) this.#forget(new Set(flows.map(keyOf)), atMs);
    for (const flow of flows) {
      const { submitted, completed } = flow;
      const key = keyOf(flow);
      const samples = this.#samples.get(key) ?? [];
      this.#samples.set(key, recent([...samples, { atMs, submitted, completed }], atMs));
    }
    [this.#looks, this.#mark] = [this.#looks + 1, mark];
  }

  #forget(there: ReadonlySet<string>, nowMs: number): void {
    for (const key of this.#samples.keys()) if (!there.has(key)) this.#samples.delete(key);
    for (const [key, waits] of this.#waits) {
      if (nowMs - (waits.at(-1)?.atMs ?? 0) > spanMs) this.#waits.delete(key);
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

function keyOf({ tenant, queue }: Pick<Flow, "tenant" | "queue">): string {
  return `${tenant}/${queue}`;
}

/** Those within the span, and the last one before it. */
function recent(samples: readonly Sample[], nowMs: number): readonly Sample[] {
  return samples.slice(
    Math.max(
      0,
      samples.findLastIndex(({ atMs }) => nowMs - atMs > spanMs),
    ),
  );
}
