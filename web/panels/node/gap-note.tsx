import { useState } from "react";
import { IconButton } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import type { Gap } from "./watch.ts";

/** What the stream could not tell, until somebody has read it. */
export function GapNote({ gaps }: { gaps: readonly Gap[] }) {
  const [read, setRead] = useState(0n);
  const [gap] = gaps;
  if (gap === undefined || gap.to <= read) return null;
  return (
    <p
      className="flex items-center gap-2 border-b border-degraded bg-degraded-ground px-5 py-1 text-sm text-degraded"
      role="status"
    >
      <Icon name="gap" />
      <span className="flex-1">
        Gap: {countText(gap.to - gap.from + 1n)} changes ({gap.from.toString()} to{" "}
        {gap.to.toString()}) were not told{gap.reason && `: ${gap.reason}`}. What you see is a new
        snapshot.
      </span>
      <IconButton icon="close" label="I have read this" onClick={() => setRead(gap.to)} />
    </p>
  );
}
