import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { useMemo } from "react";
import { Card } from "../../parts/card.tsx";
import { localTime, withLocalTimes } from "../../parts/clock.ts";
import { Icon } from "../../parts/icon.tsx";
import { Loading } from "../../parts/loading.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { useNow } from "../../parts/now.ts";
import { More, useRows } from "../../parts/rows.tsx";
import { spanText } from "../../parts/span.ts";
import { useSteps } from "./all-steps.ts";
import { PhaseRow } from "./phase-row.tsx";
import { hasEnded, stateLook } from "./state.ts";
import { countOf } from "./task-row.tsx";
import { type End, lastMs, type Timeline, timelineOf } from "./timeline.ts";

/** So many are looked at; a task that is retried for days has more. */
const phasesStep = 60;

/** A task's life: each wait and each attempt as a bar on one axis of time. */
export function TimelineCard({ task }: { task: Task }) {
  const { list, steps } = useSteps(task);
  const { error, hasNextPage } = list;
  const timeline = useMemo(() => timelineOf(steps ?? [], !hasNextPage), [steps, hasNextPage]);
  return (
    <Card
      aside={timeline && <Whole isOver={hasEnded(task.state)} timeline={timeline} />}
      title="Timeline"
    >
      {error !== null && (
        <div className="p-5">
          <TroubleNote error={error} retry={() => void list.refetch()} />
        </div>
      )}
      {steps === undefined && error === null && <Loading label="Asking what happened" lines={4} />}
      {timeline && <Life task={task} timeline={timeline} />}
      {steps && hasNextPage && (
        <More
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          shown={`Only the first ${countText(steps.length)} steps are here, and not how it went on`}
        >
          Show what came after
        </More>
      )}
    </Card>
  );
}

function Whole({ timeline, isOver }: { timeline: Timeline; isOver: boolean }) {
  const now = useNow();
  const attempts = timeline.phases.filter(({ state }) => state === TaskState.WORKING).length;
  const took = spanText(lastMs(timeline, now) - timeline.fromMs);
  const none = isOver ? "no attempt" : "no attempt yet";
  const least = timeline.isWhole ? "" : "at least ";
  const held = attempts === 0 ? none : `${least}${countOf(attempts, "attempt")}`;
  return (
    <span className="figures text-xs text-muted">
      {took} in all, {held}
    </span>
  );
}

function Life({ task, timeline }: { task: Task; timeline: Timeline }) {
  const now = useNow();
  // The newest matter most: of very many the first are shown when somebody asks.
  const newest = useMemo(() => timeline.phases.toReversed(), [timeline]);
  const { rows, more } = useRows(newest, phasesStep);
  return (
    <div className="@container">
      <Axis timeline={timeline} />
      <ol aria-label="What happened, oldest first" className="divide-y divide-line">
        {rows.toReversed().map((phase) => (
          <PhaseRow
            key={`${phase.fromMs} ${phase.state} ${phase.attempt}`}
            leaseMs={leaseOf(task)}
            now={now}
            phase={phase}
            progress={task.attempt?.progress}
            timeline={timeline}
            worker={task.attempt?.worker ?? ""}
          />
        ))}
        {timeline.end && (
          <EndRow end={timeline.end} isSaid={timeline.phases.at(-1)?.failure !== undefined} />
        )}
      </ol>
      {more}
    </div>
  );
}

function leaseOf({ attempt }: Task): number | undefined {
  return attempt?.leaseExpireTime && timestampMs(attempt.leaseExpireTime);
}

/** The two ends of the axis, over the room of the bars. */
function Axis({ timeline }: { timeline: Timeline }) {
  const now = useNow();
  return (
    <div className="flex items-center gap-4 border-b border-line px-5 py-1.5 text-2xs text-muted">
      <span className="w-60 shrink-0 @max-xl:hidden">Where it was</span>
      <span className="figures flex flex-1 justify-between">
        <span>{localTime(timeline.fromMs, "time")}</span>
        <span>
          {timeline.end ? localTime(timeline.end.ms, "time") : `now, ${localTime(now, "time")}`}
        </span>
      </span>
      <span className="w-20 shrink-0 text-right">For</span>
    </div>
  );
}

/** How it ended; what the last attempt says of it already is not said again. */
function EndRow({ end, isSaid }: { end: End; isSaid: boolean }) {
  const { word, icon } = stateLook(end.state);
  const tone = endTones[end.state] ?? "text-muted";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5 text-sm">
      <span className={`flex w-60 shrink-0 items-center gap-2 font-medium @max-xl:w-auto ${tone}`}>
        <Icon name={icon} />
        {word}
      </span>
      <span className="min-w-0 flex-1 text-xs wrap-anywhere text-muted @max-xl:order-last @max-xl:basis-full @max-xl:pl-6">
        <bdi>
          {isSaid || end.message === "completed" ? "" : withLocalTimes(clip(end.message, 600))}
        </bdi>
      </span>
      <time className="figures ml-auto w-20 shrink-0 text-right text-xs text-muted">
        {localTime(end.ms, "time")}
      </time>
    </li>
  );
}

const endTones: Readonly<Partial<Record<TaskState, string>>> = {
  [TaskState.COMPLETED]: "text-online",
  [TaskState.FAILED]: "text-offline",
};
