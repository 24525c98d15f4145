import { type Flow, flowAt, perMinuteText, stretchesMax } from "./flow.ts";

const heightUnits = 24;
const pad = 2;
/** Below this, a queue that does next to nothing would look like a busy one. */
const leastMost = 2;

/** What went in and out in the last five minutes: in as a dashed line, out as a ground. */
export function RatePicture(props: {
  flow: Flow;
  stretch: number;
  widthPx?: number;
  heightPx?: number;
}) {
  const { flow, stretch, widthPx = 120, heightPx = heightUnits } = props;
  const { submitted, completed } = flowAt(flow, stretch);
  const most = Math.max(leastMost, ...submitted, ...completed);
  const out = pointsOf(completed, most);
  const isQuiet = [...submitted, ...completed].every((rate) => rate === 0);
  return (
    <svg
      aria-label={`Last five minutes: ${wordsOf(submitted)} submitted, ${wordsOf(completed)} completed a minute`}
      className="block shrink-0"
      height={heightPx}
      preserveAspectRatio="none"
      role="img"
      viewBox={`0 0 ${stretchesMax - 1} ${heightUnits}`}
      width={widthPx}
    >
      <line
        stroke="var(--line)"
        vectorEffect="non-scaling-stroke"
        x2={stretchesMax - 1}
        y1={heightUnits - 0.5}
        y2={heightUnits - 0.5}
      />
      {isQuiet || (
        <path
          d={`M0 ${heightUnits}L${out.join("L")}L${stretchesMax - 1} ${heightUnits}Z`}
          fill="var(--accent-ground)"
        />
      )}
      {isQuiet || <Trace points={out} stroke="var(--accent)" />}
      {isQuiet || <Trace dashes="3 2.5" points={pointsOf(submitted, most)} stroke="var(--muted)" />}
    </svg>
  );
}

function Trace(props: { points: readonly string[]; stroke: string; dashes?: string }) {
  return (
    <polyline
      fill="none"
      points={props.points.join(" ")}
      stroke={props.stroke}
      strokeDasharray={props.dashes}
      strokeLinejoin="round"
      strokeWidth={1.5}
      vectorEffect="non-scaling-stroke"
    />
  );
}

/** The newest at the right. */
function pointsOf(values: readonly number[], most: number): readonly string[] {
  return values.map((value, at) => {
    const y = heightUnits - pad - (value / most) * (heightUnits - 2 * pad);
    return `${at},${y.toFixed(2)}`;
  });
}

function wordsOf(values: readonly number[]): string {
  return perMinuteText(values.at(-1) ?? 0);
}
