/** How long a queue stays at home after the parent took none of its tasks, first and at most. */
const [firstMs, lastMs] = [15_000, 60_000];
/** How long a task rests of which nobody knows whether the parent took it, first and at most. */
const [unclearMs, unclearMaxMs] = [4_000, 60_000];
/** Who has been taken so many of is trusted again. */
export const trustMax = 100;

/** How long a task rests after so many tries of which nobody knows what became. */
export function unclearRestMs(tries: number): number {
  return Math.min(unclearMaxMs, unclearMs * 2 ** (tries - 1));
}

/** A queue that stays at home. */
export interface Rest {
  /** Until when, by the monotonic clock. */
  readonly untilMs: number;
  /** What the parent said. */
  readonly why: string;
}

interface Doubt extends Rest {
  readonly spanMs: number;
  /** So many of its tasks may be on their way: more with each that the parent takes. */
  trust: number;
}

/** Which queues the parent takes nothing of now: each rests for itself, and then asks with one. */
export class Rests {
  readonly #doubts = new Map<string, Doubt>();
  /** Queues of which nobody knows whether their last task was taken. */
  readonly #unclear = new Set<string>();
  /** Why the parent does not say what has ended; empty while it does. */
  silence = "";

  /** The parent did not take a task. Returns whether that is news. */
  refused(queue: string, nowMs: number, why: string): boolean {
    const before = this.#doubts.get(queue);
    const isStill = before !== undefined && before.trust <= 1;
    const spanMs = isStill ? Math.min(lastMs, before.spanMs * 2) : firstMs;
    this.#doubts.set(queue, { untilMs: nowMs + spanMs, why, spanMs, trust: 1 });
    return before?.why !== why;
  }

  /**
   * Nobody knows whether the parent took a task that it was asked for first: one may be to blame
   * itself, two in a row are as good as a refusal. Returns whether that is news.
   */
  unclear(queue: string, nowMs: number, why: string): boolean {
    if (this.#unclear.has(queue)) return this.refused(queue, nowMs, why);
    this.#unclear.add(queue);
    return true;
  }

  /** The parent took one. */
  taken(queue: string): void {
    this.#unclear.delete(queue);
    const doubt = this.#doubts.get(queue);
    if (doubt === undefined) return;
    doubt.trust += 1;
    if (doubt.trust >= trustMax) this.#doubts.delete(queue);
  }

  /** Undefined for a queue that may go up. */
  of(queue: string, nowMs: number): Rest | undefined {
    const doubt = this.#doubts.get(queue);
    return doubt !== undefined && nowMs < doubt.untilMs ? doubt : undefined;
  }

  /** How many tasks of a queue may be on their way up at a time. */
  trustIn(queue: string): number {
    return this.#doubts.get(queue)?.trust ?? trustMax;
  }

  /** Forgets queues that are handed up no more. */
  keep(queues: ReadonlySet<string>): void {
    for (const all of [this.#doubts, this.#unclear]) {
      for (const name of all.keys()) if (!queues.has(name)) all.delete(name);
    }
  }
}
