import { memo, type PointerEvent, useMemo, useState } from "react";
import { localTime } from "../../parts/clock.ts";
import { countText } from "../../parts/measure.ts";
import { spanText } from "../../parts/span.ts";
import type { Row } from "./log.ts";
import { momentText } from "./moment.ts";
import { others, type Rate, rateOf, sumOf } from "./rate.ts";
import type { Change } from "./view.ts";

const hues = ["--hue-1", "--hue-2", "--hue-3", "--hue-4"];
const otherHue = "--hue-5";
const heightUnits = 100;
const dayMs = 86_400_000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** How many events came when, of what is loaded; a click or a drag asks for that time. */
export const RateStrip = memo(function RateStrip(props: {
  rows: readonly Row[];
  onChange: (change: Change) => void;
}) {
  const newest = useMemo(() => rateOf(props.rows), [props.rows]);
  const { rate, range, at, events } = useRange(newest, props.onChange);
  return (
    <figure className="m-0 h-[4.5rem] shrink-0 border-b border-line bg-surface px-5 pt-1.5 pb-2">
      <figcaption className="flex h-5 items-center gap-3 overflow-hidden text-2xs whitespace-nowrap text-muted">
        {rate === undefined ? "No events to count" : <Legend rate={rate} />}
        <span aria-hidden="true" className="figures ml-auto shrink-0">
          {rate && readingOf(rate, at, range)}
        </span>
      </figcaption>
      <svg
        aria-label={rate === undefined ? "No events to count" : wordsOf(rate)}
        className="block h-10 w-full cursor-crosshair touch-none"
        preserveAspectRatio="none"
        role="img"
        viewBox={`0 0 ${rate?.columns.length ?? 1} ${heightUnits}`}
        {...events}
      >
        <title>Click or drag to ask for a time</title>
        {range && (
          <rect
            fill="var(--accent-ground)"
            height={heightUnits}
            width={Math.abs(range.to - range.from) + 1}
            x={Math.min(range.from, range.to)}
          />
        )}
        {rate && <Bars rate={rate} />}
        <line
          stroke="var(--line-strong)"
          vectorEffect="non-scaling-stroke"
          x2={rate?.columns.length ?? 1}
          y1={heightUnits}
          y2={heightUnits}
        />
      </svg>
    </figure>
  );
});

/** What the pointer stands on or drags over, and asking for that time once it is let go. */
function useRange(newest: Rate | undefined, onChange: (change: Change) => void) {
  const [range, setRange] = useState<Range & { readonly drags: boolean }>();
  const [held, setHeld] = useState<Rate>();
  // Under a drag the strip stands still: what is chosen is what is seen.
  const rate = range?.drags === true ? held : newest;
  const at = rate && range && boundsOf(rate, range);
  const choose = () => {
    if (at !== undefined && range?.drags === true) {
      onChange({ since: momentText(at.fromMs), until: momentText(at.toMs) });
    }
    setRange(undefined);
  };
  const follow = (event: PointerEvent<SVGElement>, starts: boolean) => {
    if (rate === undefined || (starts && event.button !== 0)) return;
    if (starts) setHeld(rate);
    const here = columnAt(event, rate);
    const drags = starts || range?.drags === true;
    const from = starts || !drags ? here : (range?.from ?? here);
    setRange({ from, to: here, drags });
    if (starts) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const events = {
    onPointerCancel: () => setRange(undefined),
    onPointerDown: (event: PointerEvent<SVGElement>) => follow(event, true),
    onPointerLeave: () => {
      if (range?.drags !== true) setRange(undefined);
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => follow(event, false),
    onPointerUp: choose,
  };
  return { rate, range, at, events };
}

/** One path for each family: a hundred columns are a handful of elements. */
function Bars({ rate }: { rate: Rate }) {
  const { families, columns, most } = rate;
  const paths = Array.from({ length: families.length + 1 }, () => "");
  for (const [x, column] of columns.entries()) {
    let y = heightUnits;
    for (const [place, count] of column.entries()) {
      const height = (count / most) * heightUnits;
      y -= height;
      if (count > 0) paths[place] += `M${x + 0.08} ${y.toFixed(2)}h.84v${height.toFixed(2)}h-.84z`;
    }
  }
  return paths.map((path, place) => (
    <path d={path} fill={`var(${hueOf(rate, place)})`} key={families[place] ?? others} />
  ));
}

function Legend({ rate }: { rate: Rate }) {
  const shares = [...rate.families, others].map((name, place) => ({
    name,
    place,
    count: rate.columns.reduce((sum, column) => sum + (column[place] ?? 0), 0),
  }));
  return shares
    .filter(({ count }) => count > 0)
    .map(({ name, place, count }) => (
      <span className="inline-flex min-w-0 items-center gap-1.5" key={name}>
        <svg aria-hidden="true" className="shrink-0" height={8} width={8}>
          <rect fill={`var(${hueOf(rate, place)})`} height={8} rx={2} width={8} />
        </svg>
        <bdi className="truncate">{name.slice(0, 60)}</bdi>
        <span className="figures">{countText(count)}</span>
      </span>
    ));
}

function hueOf({ families }: Rate, place: number): string {
  return place === families.length ? otherHue : (hues[place] ?? otherHue);
}

interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

function boundsOf({ fromMs, stepMs, columns }: Rate, { from, to }: Range): Bounds {
  const [first, last] = [Math.min(from, to), Math.max(from, to) + 1];
  const count = columns.slice(first, last).reduce((sum, column) => sum + sumOf(column), 0);
  return { fromMs: fromMs + first * stepMs, toMs: fromMs + last * stepMs, count };
}

function columnAt(event: PointerEvent<SVGElement>, { columns }: Rate): number {
  const box = event.currentTarget.getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * columns.length);
  return Math.max(0, Math.min(columns.length - 1, at));
}

/** What stands under the pointer, else the whole strip. */
function readingOf(rate: Rate, at: Bounds | undefined, range: Range | undefined): string {
  const { fromMs, stepMs, columns } = rate;
  const whole = { fromMs, toMs: fromMs + columns.length * stepMs };
  const { fromMs: first, toMs: last } = at ?? whole;
  const long = whole.toMs - whole.fromMs > dayMs;
  const text = (ms: number) => (long ? localTime(ms, "full").slice(0, 18) : localTime(ms, "time"));
  const span = `${text(first)} to ${text(last)}`;
  return range === undefined || at === undefined
    ? `${span}, each bar ${spanText(stepMs)}`
    : `${span}: ${countText(at.count)}`;
}

function wordsOf(rate: Rate): string {
  const { fromMs, stepMs, columns, families, total, most } = rate;
  const shares = families.map((family, place) => {
    const count = columns.reduce((sum, column) => sum + (column[place] ?? 0), 0);
    return `${family} ${countText(count)}`;
  });
  const peak = columns.findIndex((column) => sumOf(column) === most);
  const until = localTime(fromMs + columns.length * stepMs, "full");
  return (
    `${countText(total)} events from ${localTime(fromMs, "full")} to ${until}: ` +
    `${shares.join(", ")}. Most in ${spanText(stepMs)}: ${countText(most)}, ` +
    `at ${localTime(fromMs + peak * stepMs, "time")}.`
  );
}
