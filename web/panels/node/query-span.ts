/** A limit in time, in milliseconds; or what was never measured. */
export type Span =
  | { readonly never: true }
  | { readonly never: false; readonly sign: "<" | ">"; readonly ms: number };

const spanShape = /^([<>])=?(\d{1,9}(?:\.\d{1,6})?)(us|µs|ms|s|m|min|h|d|w)$/u;

const unitMs: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads ">50ms", "<5m" or "never". */
export function spanIn(text: string): Span | undefined {
  if (text === "never") return { never: true };
  const [, sign, figure, unit] = spanShape.exec(text) ?? [];
  if (figure === undefined || unit === undefined) return undefined;
  const ms = Number(figure) * (unitMs[unit] ?? 1);
  return { never: false, sign: sign === "<" ? "<" : ">", ms };
}

/** Whether a measured span is within the limit. */
export function spanHolds(span: Span, measuredMs: number | undefined): boolean {
  if (measuredMs === undefined || span.never) return span.never && measuredMs === undefined;
  return span.sign === "<" ? measuredMs <= span.ms : measuredMs >= span.ms;
}
