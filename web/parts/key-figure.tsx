import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";
import { shortCount } from "./measure.ts";
import { sparkPoints, sparkText } from "./spark.ts";

const width = 72;
const height = 20;

/** One figure that matters, what it is, and where it goes; a zero is calm. */
export function KeyFigure(props: {
  name: ReactNode;
  value: ReactNode;
  icon?: IconName;
  /** A colour of the tokens as text, where the figure says how something stands. */
  tone?: string;
  beside?: ReactNode;
}) {
  const { name, value, icon, tone = "text-ink", beside } = props;
  return (
    <div className="flex min-w-0 flex-1 basis-36 flex-col-reverse justify-end gap-0.5 px-5 py-3">
      <dt className="flex min-w-0 items-center gap-1.5 text-xs text-muted">
        {icon && (
          <span className={tone}>
            <Icon name={icon} size={13} />
          </span>
        )}
        {name}
      </dt>
      <dd className="flex items-end justify-between gap-3">
        <span className={`figures text-xl font-semibold tracking-tight ${tone}`}>{value}</span>
        {beside}
      </dd>
    </div>
  );
}

/** A count of what somebody should see to: in its colour once there is one, calm at zero. */
export function AlarmFigure(props: {
  name: string;
  count: number | bigint;
  icon: IconName;
  tone: string;
}) {
  const { name, count, icon, tone } = props;
  return (
    <KeyFigure
      icon={icon}
      name={name}
      tone={count > 0 ? tone : "text-muted"}
      value={shortCount(count)}
    />
  );
}

/** Several of them in one frame; a strip has a line under it. Every row is filled to its end. */
export function KeyFigures({ children, strip = false }: { children: ReactNode; strip?: boolean }) {
  return (
    <dl
      className={`flex flex-wrap gap-px overflow-hidden bg-line *:bg-surface ${strip ? "border-b border-line" : ""}`}
    >
      {children}
    </dl>
  );
}

/** A small line of what was measured last; said in words to who does not see it. */
export function Spark(props: {
  what: string;
  values: readonly number[];
  say: (value: number) => string;
  tone?: string;
}) {
  const { what, values, say, tone = "text-accent" } = props;
  return (
    <svg
      aria-label={`${what}: ${sparkText(values, say)}`}
      className={`mb-1 shrink-0 ${tone}`}
      fill="none"
      height={height}
      role="img"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth={1.5}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
    >
      <polyline points={sparkPoints(values, width, height)} />
    </svg>
  );
}
