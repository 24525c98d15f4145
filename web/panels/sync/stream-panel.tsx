import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { FactRow, Facts } from "../../parts/card.tsx";
import { Command } from "../../parts/copy.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { Ago } from "../../parts/time.tsx";
import { conflictsCommand, statusCommand } from "./as-cli.ts";
import { cellsText } from "./digest-text.ts";
import { DigestSection } from "./digest-section.tsx";
import { FollowerList } from "./follower-list.tsx";
import { LagBadge } from "./lag-badge.tsx";
import { laneText } from "./lane.ts";
import { streamName } from "./stream-key.ts";
import type { StreamRow } from "./streams.ts";
import { VectorSection } from "./vector-section.tsx";
import { useSyncView } from "./view.ts";

interface StreamPanelProps {
  readonly row: StreamRow;
  readonly isLive: boolean;
  readonly onClose: () => void;
}

/** Everything the hub tells of one stream. */
export function StreamPanel({ row, isLive, onClose }: StreamPanelProps) {
  const { status, lag, toldMs } = row;
  const { stream } = status;
  const name = stream === undefined ? row.key : streamName(stream);
  return (
    <SidePanel
      label={`Stream ${clip(row.key, 80)}`}
      onClose={onClose}
      title={<Name text={name} />}
      wide
    >
      <div className="flex flex-col gap-6">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <LagBadge isLive={isLive} lag={lag} toldMs={toldMs} />
          <Conflicts status={status} streamKey={row.key} />
        </div>
        <FollowerList isLive={isLive} row={row} />
        <Standing status={status} />
        <VectorSection vector={status.vector} />
        {stream && <DigestSection status={status} stream={stream} />}
        {stream && (
          <Section title="On the command line">
            <div className="mt-1 flex flex-col gap-1.5">
              <Command text={statusCommand(stream)} />
              <Command text={conflictsCommand(stream)} />
            </div>
          </Section>
        )}
      </div>
    </SidePanel>
  );
}

function Conflicts({ status, streamKey }: { status: StreamStatus; streamKey: string }) {
  const [, change] = useSyncView();
  const { conflicts } = status;
  if (conflicts === 0) {
    return (
      <Badge icon="check" quiet>
        No conflicts
      </Badge>
    );
  }
  return (
    <Button
      icon="warning"
      onClick={() => change({ view: "conflicts", stream: streamKey, selected: undefined })}
      small
    >
      Show {countText(conflicts)} {conflicts === 1 ? "conflict" : "conflicts"}
    </Button>
  );
}

function Standing({ status }: { status: StreamStatus }) {
  const { stream, head, horizon } = status;
  return (
    <Section title="At this hub">
      <Facts>
        <FactRow name="Head">
          <span className="figures">{countText(head)}</span>
          <span className="block text-xs text-muted">
            {horizon === 0
              ? "the whole log is kept"
              : `places up to ${countText(horizon)} were truncated: who lacks them takes a snapshot`}
          </span>
        </FactRow>
        <FactRow name="Holds">
          <span className="figures">{cellsText(status.cells)}</span>, written by{" "}
          <span className="figures">{countText(status.replicas)}</span>{" "}
          {status.replicas === 1 ? "replica" : "replicas"}
        </FactRow>
        <FactRow name="Last write">
          <Ago at={status.changeTime} never="never" />
        </FactRow>
        <FactRow name="Zone">
          <code className="font-mono text-xs">{stream?.zone}</code>
          <span className="block text-xs text-muted">No frame of it leaves this zone.</span>
        </FactRow>
        <FactRow name="Lane">
          <span className="figures">{stream?.lane}</span>
          <span className="block text-xs text-muted">{laneText(stream?.lane ?? 0)}</span>
        </FactRow>
      </Facts>
    </Section>
  );
}
