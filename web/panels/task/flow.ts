/** What went in and out of a queue a minute, in each of the last stretches of time. */
export interface Flow {
  /** Which stretch the last one is. */
  readonly stretch: number;
  readonly submitted: readonly number[];
  readonly completed: readonly number[];
}

/** Long enough that a picture is calm, short enough that a change is seen. */
export const stretchMs = 5_000;

/** Five minutes of them. */
export const stretchesMax = 60;

/** Which stretch an instant is in. */
export function stretchOf(nowMs: number): number {
  return Math.floor(nowMs / stretchMs);
}

/** The flow after it was told anew; what nobody told of meanwhile stayed as it was. */
export function flowWith(
  flow: Flow | undefined,
  stretch: number,
  told: { readonly submitted: number; readonly completed: number },
): Flow {
  if (flow === undefined) {
    // What is told first is the mean of just these minutes.
    const even = (rate: number) => Array<number>(stretchesMax).fill(rate);
    return { stretch, submitted: even(told.submitted), completed: even(told.completed) };
  }
  const held = flowAt(flow, stretch);
  return {
    stretch: held.stretch,
    submitted: [...held.submitted.slice(0, -1), told.submitted],
    completed: [...held.completed.slice(0, -1), told.completed],
  };
}

/** The same flow, gone on to a later stretch; a clock that was set back changes nothing. */
export function flowAt(flow: Flow, stretch: number): Flow {
  const passed = Math.min(stretchesMax, stretch - flow.stretch);
  if (passed <= 0) return flow;
  const on = (values: readonly number[]) =>
    [...values, ...Array<number>(passed).fill(values.at(-1) ?? 0)].slice(-stretchesMax);
  return { stretch, submitted: on(flow.submitted), completed: on(flow.completed) };
}

const slow = 10;

/** How many a minute, in few characters. */
export function perMinuteText(rate: number): string {
  if (rate < 0.05) return "0";
  return rate < slow ? rate.toFixed(1) : Math.round(rate).toLocaleString("en-US");
}
