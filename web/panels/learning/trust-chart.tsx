import { useEffect, useRef } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { localTime } from "../../parts/clock.ts";
import { useSize } from "../../parts/use-size.ts";
import { degradedMin, healthyMin } from "./health.ts";
import { floorOf, type HistoryPoint, ticksOf } from "./history.ts";

const height = 264;
const margin = { top: 16, right: 32, bottom: 4, left: 0 };
const tick = { fill: "var(--muted)", fontSize: 11 };

interface TrustChartProps {
  readonly name: string;
  readonly points: readonly HistoryPoint[];
  /** Told which cycle the pointer or the arrows are at. */
  readonly onPoint: (cycleId: string) => void;
}

/** A node's score as an area, the network's median over it. Arrow keys go from cycle to cycle. */
export function TrustChart({ name, points, onPoint }: TrustChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const floor = floorOf(points);
  return (
    <div className="px-2 pt-2">
      <div className="min-h-66" ref={frame}>
        {width > 0 && (
          <ComposedChart
            data={[...points]}
            desc="Arrow keys go from cycle to cycle; what is shown there is written below."
            height={height}
            margin={margin}
            title={`Trust of ${name} and the network's median`}
            width={width}
          >
            <Scales floor={floor} />
            <Threshold at={healthyMin} floor={floor} side="above" word="healthy from here" />
            <Threshold at={degradedMin} floor={floor} side="below" word="critical below" />
            <Curves dotted={points.length === 1} name={name} />
            <Tooltip
              content={<Report onPoint={onPoint} />}
              cursor={{ stroke: "var(--line-strong)" }}
              isAnimationActive={false}
            />
          </ComposedChart>
        )}
      </div>
      <ChartKey name={name} />
    </div>
  );
}

/** Time from left to right, and the scores from the lowest that matters to 100. */
function Scales({ floor }: { floor: number }) {
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        axisLine={{ stroke: "var(--line-strong)" }}
        dataKey="endMs"
        domain={["dataMin", "dataMax"]}
        minTickGap={56}
        scale="time"
        tick={tick}
        tickFormatter={(ms: number) => localTime(ms, "time")}
        tickLine={false}
        type="number"
      />
      <YAxis
        axisLine={false}
        domain={[floor, 100]}
        tick={tick}
        tickLine={false}
        ticks={[...ticksOf(floor)]}
        width={40}
      />
    </>
  );
}

/** What was unknown is a gap, never a line across; a single cycle is a dot. */
function Curves({ name, dotted }: { name: string; dotted: boolean }) {
  return (
    <>
      <Area
        activeDot={{ r: 5, stroke: "var(--surface)", strokeWidth: 2 }}
        connectNulls={false}
        dataKey="score"
        dot={dotted}
        fill="var(--accent)"
        fillOpacity={0.14}
        isAnimationActive={false}
        name={name}
        stroke="var(--accent)"
        strokeWidth={2}
        type="monotone"
      />
      <Line
        activeDot={{ r: 4, stroke: "var(--surface)", strokeWidth: 2 }}
        connectNulls={false}
        dataKey="median"
        dot={dotted}
        isAnimationActive={false}
        name="median"
        stroke="var(--muted)"
        strokeDasharray="6 4"
        strokeWidth={1.75}
        type="monotone"
      />
    </>
  );
}

interface ThresholdProps {
  readonly at: number;
  readonly floor: number;
  readonly word: string;
  /** On which side of the line its word holds, and stands. */
  readonly side: "above" | "below";
}

function Threshold({ at, floor, word, side }: ThresholdProps) {
  if (at <= floor) return null;
  return (
    <ReferenceLine
      label={{
        value: word,
        position: side === "above" ? "insideBottomRight" : "insideTopRight",
        fill: "var(--muted)",
        fontSize: 10,
      }}
      stroke="var(--line-strong)"
      strokeDasharray="2 4"
      y={at}
    />
  );
}

type ReportProps = Partial<TooltipContentProps> & Pick<TrustChartProps, "onPoint">;

/** Draws nothing: what is pointed at is written below the chart, where everybody can read it. */
function Report({ active = false, payload, onPoint }: ReportProps) {
  const point = payload?.[0]?.payload as HistoryPoint | undefined;
  const cycleId = active ? point?.cycleId : undefined;
  useEffect(() => {
    // Who leaves the chart goes to what is written below it: that stays.
    if (cycleId !== undefined) onPoint(cycleId);
  }, [cycleId, onPoint]);
  return null;
}

function ChartKey({ name }: { name: string }) {
  return (
    <div aria-hidden="true" className="flex gap-5 px-4 pb-3 text-xs text-muted">
      <span className="inline-flex items-center gap-2">
        <span className="h-2.5 w-6 rounded-sm border-t-2 border-accent bg-accent/15" />
        <bdi className="max-w-60 truncate">{name}</bdi>
      </span>
      <span className="inline-flex items-center gap-2">
        <span className="w-6 border-t-2 border-dashed border-muted" />
        median of the network
      </span>
    </div>
  );
}
