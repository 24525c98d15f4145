import type { Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { QueueLink, TaskLink } from "./task-link.tsx";

/** What can be done about a schedule. */
export type ScheduleAct = "change" | "pause" | "delete";

interface ScheduleRowProps {
  readonly schedule: Schedule;
  readonly refusal?: string;
  readonly onAct: (act: ScheduleAct) => void;
}

/** One schedule: when, what, and how its last time went. */
export function ScheduleRow(props: ScheduleRowProps) {
  const { schedule } = props;
  const { name, cron, timeZone, spec, paused, owner } = schedule;
  return (
    <tr className="hover:bg-sunken">
      <Cell>
        <span className="flex items-center gap-2">
          <Name className="max-w-56 font-medium" text={name} />
          {paused && (
            <Badge icon="pause" tone="degraded">
              Paused
            </Badge>
          )}
        </span>
        <Name className="max-w-56 text-2xs text-muted" text={owner} />
      </Cell>
      <Cell>
        <code className="font-mono text-xs whitespace-nowrap">{cron}</code>
        <span className="block text-2xs text-muted">{timeZone || "UTC"}</span>
      </Cell>
      <Cell>
        <Name className="max-w-56" text={spec?.kind ?? ""} />
        <span className="block max-w-56 text-xs">
          <QueueLink name={spec?.queue ?? ""} />
        </span>
      </Cell>
      <Cell>
        <Ago at={schedule.nextTime} never="never" />
      </Cell>
      <Cell>
        <Last schedule={schedule} />
      </Cell>
      <Cell right>
        <span className={schedule.skipped > 0n ? "" : "text-muted"}>
          {countText(schedule.skipped)}
        </span>
      </Cell>
      <Cell right>
        <Acts {...props} />
      </Cell>
    </tr>
  );
}

function Acts({ schedule: { paused }, refusal, onAct }: ScheduleRowProps) {
  const not = refusal === undefined ? {} : { refusal };
  return (
    <span className="flex justify-end gap-2">
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

function Last({ schedule: { lastTime, lastTaskId, lastProblem } }: { schedule: Schedule }) {
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
