import type { Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { ReactNode } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import type { RoomColumn } from "../../parts/room.ts";
import { Cells } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { QueueLink, TaskLink } from "./task-link.tsx";

/** What can be done about a schedule. */
export type ScheduleAct = "change" | "pause" | "delete";

interface ScheduleRowProps {
  readonly schedule: Schedule;
  readonly columns: readonly RoomColumn[];
  readonly refusal?: string;
  readonly onAct: (act: ScheduleAct) => void;
}

/** One schedule: when, what, and how its last time went. */
export function ScheduleRow(props: ScheduleRowProps) {
  return (
    <tr className="hover:bg-sunken">
      <Cells columns={props.columns}>{(key) => cellOf(key, props)}</Cells>
    </tr>
  );
}

function cellOf(column: string, props: ScheduleRowProps): ReactNode {
  const { schedule } = props;
  switch (column) {
    case "name":
      return <Title schedule={schedule} />;
    case "cron":
      return <When schedule={schedule} />;
    case "what":
      return <What schedule={schedule} />;
    case "next":
      return <Next schedule={schedule} />;
    case "last":
      return <Last schedule={schedule} />;
    case "skipped":
      return (
        <span className={schedule.skipped > 0n ? "" : "text-muted"}>
          {countText(schedule.skipped)}
        </span>
      );
    default:
      return <Acts {...props} />;
  }
}

interface ScheduleProps {
  readonly schedule: Schedule;
}

function Title({ schedule: { name, paused, owner } }: ScheduleProps) {
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2">
        <Name className="max-w-56 font-medium max-sm:max-w-28" text={name} />
        {paused && (
          <Badge icon="pause" tone="degraded">
            Paused
          </Badge>
        )}
      </span>
      <Name className="max-w-56 text-2xs text-muted max-sm:max-w-28" text={owner} />
    </>
  );
}

function When({ schedule: { cron, timeZone } }: ScheduleProps) {
  return (
    <>
      <code className="font-mono text-xs whitespace-nowrap">{cron}</code>
      <span className="block text-2xs text-muted">{timeZone || "UTC"}</span>
    </>
  );
}

function What({ schedule: { spec } }: ScheduleProps) {
  return (
    <>
      <Name className="max-w-56" text={spec?.kind ?? ""} />
      <span className="block max-w-56 text-xs">
        <QueueLink name={spec?.queue ?? ""} />
      </span>
    </>
  );
}

/** While it is paused none of its times comes. */
function Next({ schedule: { paused, nextTime } }: ScheduleProps) {
  if (paused) return <span className="text-muted">once resumed</span>;
  return <Ago at={nextTime} never="never" />;
}

function Acts({ schedule: { paused }, refusal, onAct }: ScheduleRowProps) {
  const not = refusal === undefined ? {} : { refusal };
  return (
    <span className="flex justify-end gap-2 max-sm:flex-col max-sm:items-end max-sm:gap-1 max-sm:py-1">
      <Button onClick={() => onAct("change")} small {...not}>
        Change …
      </Button>
      <Button onClick={() => onAct("pause")} small {...not}>
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button icon="trash" onClick={() => onAct("delete")} small tone="quiet" {...not}>
        Delete
      </Button>
    </span>
  );
}

function Last({ schedule: { lastTime, lastTaskId, lastProblem } }: ScheduleProps) {
  return (
    <>
      <Ago at={lastTime} never="never" />
      {lastTaskId !== "" && (
        <span className="block text-2xs">
          <TaskLink id={lastTaskId} />
        </span>
      )}
      {lastProblem !== "" && (
        <span className="block max-w-56 text-xs wrap-anywhere text-degraded">
          {clip(lastProblem, 160)}
        </span>
      )}
    </>
  );
}
