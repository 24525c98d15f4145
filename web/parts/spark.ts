/** Room for the width of the line. */
const pad = 2;

/** The points of a small line over its frame; a flat one runs through the middle. */
export function sparkPoints(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const step = values.length > 1 ? (width - 2 * pad) / (values.length - 1) : 0;
  return values
    .map((value, at) => {
      const part = span === 0 ? 0.5 : (value - low) / span;
      const y = height - pad - part * (height - 2 * pad);
      return `${(pad + at * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** The same line for who does not see it. */
export function sparkText(values: readonly number[], say: (value: number) => string): string {
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined) return "nothing measured yet";
  const low = say(Math.min(...values));
  const high = say(Math.max(...values));
  if (low === high) return `steady at ${high}`;
  return `from ${say(first)} to ${say(last)}, lowest ${low}, highest ${high}`;
}
