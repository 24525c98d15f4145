import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { countText } from "./measure.ts";

/** More than anybody reads at once, and few enough to be drawn in a blink. */
const rowsStep = 200;

interface Rows<Row> {
  readonly rows: readonly Row[];
  /** How many are shown and a way to more; nothing where all are. */
  readonly more: ReactNode;
}

/** The first rows of a long list; more are drawn when somebody asks for them. */
export function useRows<Row>(all: readonly Row[], step = rowsStep): Rows<Row> {
  const [shown, setShown] = useState(step);
  const next = Math.min(step, all.length - shown);
  return {
    rows: all.slice(0, shown),
    more: next > 0 && (
      <More
        shown={`Showing ${countText(shown)} of ${countText(all.length)}`}
        onMore={() => setShown(shown + step)}
      >
        Show {countText(next)} more
      </More>
    ),
  };
}

interface MoreProps {
  readonly shown: string;
  readonly onMore: () => void;
  readonly busy?: boolean;
  readonly children: ReactNode;
}

/** The foot of a list that goes on. */
export function More({ shown, onMore, busy = false, children }: MoreProps) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line p-3">
      <span aria-live="polite" className="figures text-xs text-muted">
        {shown}
      </span>
      <Button busy={busy} onClick={onMore}>
        {children}
      </Button>
    </div>
  );
}
