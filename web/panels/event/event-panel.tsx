import { IconButton } from "../../parts/button.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { EvidenceOf } from "./evidence-dialog.tsx";
import type { Names } from "./narrow.ts";
import { Around } from "./around.tsx";
import { useEventView } from "./view.ts";

interface EventPanelProps {
  readonly cursor: bigint;
  readonly names: Names;
  readonly onStep: (step: 1 | -1) => void;
}

/** One event beside the log, and those before and after it. */
export function EventPanel({ cursor, names, onStep }: EventPanelProps) {
  const [, change] = useEventView();
  return (
    <SidePanel
      label={`Event ${cursor}`}
      onClose={() => change({ selected: undefined })}
      title={
        <span className="flex items-center gap-1">
          <span className="figures min-w-0 flex-1 truncate">Event {cursor.toString()}</span>
          <CopyButton label="Copy link" text={linkTo(cursor)} />
          <IconButton icon="up" label="Newer event (K)" onClick={() => onStep(-1)} />
          <IconButton icon="down" label="Older event (J)" onClick={() => onStep(1)} />
        </span>
      }
      wide
    >
      <EvidenceOf
        cursor={cursor}
        key={String(cursor)}
        more={<Around cursor={cursor} names={names} />}
      />
    </SidePanel>
  );
}

/** Where this event is, without what it was found by. */
function linkTo(cursor: bigint): string {
  return `${location.origin}${location.pathname}?selected=${cursor}`;
}
