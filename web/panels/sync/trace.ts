/** The longest wait in each of the last stretches of time, oldest first. */
export interface Trace {
  /** Which stretch the last one is. */
  readonly stretch: number;
  readonly values: readonly number[];
}

/** Long enough that a minute is a few steps, short enough that a hiccup is seen. */
export const stretchMs = 5_000;

/** Five minutes of them. */
export const stretchesMax = 60;

/** The trace after a value was told; what nobody told of meanwhile stayed as it was. */
export function traced(trace: Trace | undefined, nowMs: number, value: number): Trace {
  const stretch = Math.floor(nowMs / stretchMs);
  const last = trace?.values.at(-1);
  if (trace === undefined || last === undefined) return { stretch, values: [value] };
  const passed = stretch - trace.stretch;
  // Also when the clock was set back: then it is the same stretch still.
  if (passed <= 0)
    return { ...trace, values: [...trace.values.slice(0, -1), Math.max(last, value)] };
  const held = Array<number>(Math.min(passed - 1, stretchesMax)).fill(last);
  return { stretch, values: [...trace.values, ...held, value].slice(-stretchesMax) };
}

/** Whether there is a line to see in it. */
export function isLively({ values }: Trace): boolean {
  return values.length > 1 && values.some((value) => value > 0);
}

/** The longest wait of several traces in each stretch, as of the newest of them. */
export function worstTrace(traces: Iterable<Trace>): readonly number[] {
  const all = [...traces];
  const end = all.reduce((most, { stretch }) => Math.max(most, stretch), 0);
  const length = all.reduce(
    (most, { stretch, values }) => Math.max(most, values.length + end - stretch),
    0,
  );
  const worst = Array<number>(Math.min(length, stretchesMax)).fill(0);
  for (const { stretch, values } of all) {
    for (let back = 0; back < worst.length; back++) {
      const at = values.length - 1 + end - stretch - back;
      const value = values[Math.min(at, values.length - 1)] ?? 0;
      const place = worst.length - 1 - back;
      worst[place] = Math.max(worst[place] ?? 0, value);
    }
  }
  return worst;
}
