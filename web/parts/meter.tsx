const whole = 100;

/** How much of a whole; the figure stands beside it, so that nobody has to see the bar. */
export function Meter(props: {
  /** 0 to 1; undefined where nothing was measured. */
  part: number | undefined;
  /** A colour of the tokens as text, e.g. "text-degraded". */
  tone?: string;
  className?: string;
}) {
  const { part, tone = "text-accent", className = "w-40" } = props;
  return (
    <span
      aria-hidden="true"
      className={`block h-1.5 overflow-hidden rounded-full bg-line ${className}`}
    >
      {part !== undefined && part > 0 && (
        <span
          className={`block h-full min-w-1 rounded-full bg-current transition-[width] duration-calm ease-calm ${tone}`}
          style={{ width: `${Math.min(1, part) * whole}%` }}
        />
      )}
    </span>
  );
}
