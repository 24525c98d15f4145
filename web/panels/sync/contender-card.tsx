import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Name } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Ago } from "../../parts/time.tsx";
import { useWatch } from "../node/nodes.tsx";
import type { Side } from "./conflict-item.tsx";
import { ValueView } from "./value-view.tsx";
import { authorText } from "./wording.ts";

interface ContenderCardProps {
  readonly side: Side;
  readonly busy: boolean;
  readonly refusal?: string;
  readonly onKeep: () => void;
  /** The whole of a long value was asked for. */
  readonly onSeen: () => void;
}

/** One of the values: who wrote it, when, and what it says. */
export function ContenderCard({ side, busy, refusal, onKeep, onSeen }: ContenderCardProps) {
  const { contender, value, dot } = side;
  return (
    <div
      aria-label={`Value of ${authorText(contender).slice(0, 80)}`}
      className="flex min-w-0 flex-col gap-2 bg-surface px-5 py-4"
      role="group"
    >
      <div className="flex items-center justify-between gap-3 text-sm">
        {contender.shown ? (
          <Badge icon="check" tone="accent">
            Shown
          </Badge>
        ) : (
          <Badge icon="minus">Not shown</Badge>
        )}
        <span className="text-xs text-muted">
          <Ago at={contender.writeTime} />
        </span>
      </div>
      <div className="flex min-w-0 items-baseline gap-2 text-sm">
        <Author side={side} />
        <Name className="font-mono text-2xs text-muted" text={dot} />
      </div>
      <ValueView onSeen={onSeen} value={value} />
      <div className="mt-auto pt-1">
        <Button
          busy={busy}
          icon="check"
          onClick={onKeep}
          small
          {...(refusal !== undefined && { refusal })}
        >
          Keep this one
        </Button>
      </div>
    </div>
  );
}

/** A node leads to the map; a person or an agent is only named. */
function Author({ side: { contender } }: { side: Side }) {
  const { nodes } = useWatch();
  const name = authorText(contender);
  if (nodes.has(contender.authorId)) return <NodeLink id={contender.authorId} name={name} />;
  return <Name className="max-w-52 font-medium" text={name} />;
}
