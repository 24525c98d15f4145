import type { World } from "@foedus/kernel/world.ts";

/** What is costly to find out rests so many times as long as it took. */
export const restFactor = 5;

interface Found<T> {
  readonly answer: Promise<T>;
  /** Until when it is as good as new. */
  untilMs: number;
}

/**
 * Looks once for all who ask at the same time, or so soon after that looking again would keep the
 * hub busy: of its time at most a sixth goes into it, however many ask.
 */
export function openShare<K, T>(
  { clock }: Pick<World, "clock">,
  look: (key: K) => Promise<T>,
): (key: K) => Promise<T> {
  const known = new Map<K, Found<T>>();
  return (key) => {
    const before = known.get(key);
    const startMs = clock.monotonic();
    if (before !== undefined && startMs < before.untilMs) return before.answer;
    const found: Found<T> = { answer: look(key), untilMs: Infinity };
    known.set(key, found);
    const rest = () => {
      const endMs = clock.monotonic();
      return void (found.untilMs = endMs + restFactor * (endMs - startMs));
    };
    void found.answer.then(rest, () => known.delete(key));
    return found.answer;
  };
}
