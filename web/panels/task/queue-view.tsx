import { type Queue, QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import type { Connection } from "../../parts/follow.ts";
import { KeyFigure, KeyFigures } from "../../parts/key-figure.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText, shortCount } from "../../parts/measure.ts";
import { Empty, TroubleCard } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { spanText } from "../../parts/span.ts";
import { Since } from "../../parts/time.tsx";
import { Waiting, type WaitShape } from "../../parts/waiting.tsx";
import { useMay } from "../../shell/session.tsx";
import { taskLine, workLine } from "./as-cli.ts";
import { perMinuteText } from "./flow.ts";
import { ParentButton } from "./parent-button.tsx";
import { type QueueAsk, QueueDialog } from "./queue-dialogs.tsx";
import type { QueueRow, Queues } from "./queues.ts";
import { RatePicture } from "./rate-picture.tsx";
import { Shares } from "./shares.tsx";
import { TasksPart } from "./tasks-part.tsx";
import { useStretch } from "./use-stretch.ts";
import { useTaskView } from "./view.ts";

interface QueueViewProps {
  readonly name: string;
  readonly queues: Queues;
  readonly connection: Connection;
  readonly onRetry: () => void;
}

/** One queue: how it stands, what it waits for, its tasks, and who shares it. */
export function QueueView({ name, queues, connection, onRetry }: QueueViewProps) {
  const row = queues.rows.get(name);
  if (connection.state === "refused" && row === undefined) {
    return (
      <div className="p-6">
        <TroubleCard retry={onRetry} trouble={connection.trouble} />
      </div>
    );
  }
  if (!queues.complete) return <Loading label="Asking for the queue" lines={8} table />;
  if (row === undefined) return <NoSuchQueue name={name} />;
  return <Known row={row} />;
}

function Known({ row }: { row: QueueRow }) {
  const { name, queue } = row;
  const may = useMay(QueueService.method.setQueue);
  const [ask, setAsk] = useState<QueueAsk>();
  const [narrow, setNarrow] = useState<"tasks" | "shares">("tasks");
  const refusal = may.allowed ? undefined : may.why;
  return (
    <>
      <Figures onAsk={setAsk} refusal={refusal} row={row} />
      <WhatItWaitsFor queue={queue} />
      <div className="border-b border-line bg-surface px-5 py-2 lg:hidden">
        <Segments
          label="Part of the queue"
          onChange={setNarrow}
          options={[
            { value: "tasks", word: "Tasks" },
            { value: "shares", word: "Shares" },
          ]}
          value={narrow}
        />
      </div>
      <div className="flex min-h-0 flex-1">
        <div
          className={`flex min-h-0 min-w-0 flex-1 ${narrow === "shares" ? "max-lg:hidden" : ""}`}
        >
          <TasksPart counts={[queue]} queue={name} told={row} />
        </div>
        <aside
          aria-label="Who shares the queue"
          className={`scrolls w-72 shrink-0 border-l border-line bg-surface max-lg:w-full max-lg:border-l-0 ${narrow === "tasks" ? "max-lg:hidden" : ""}`}
        >
          <h2 className="sr-only">Who shares the queue</h2>
          <Shares onWeights={() => setAsk("weights")} queue={name} refusal={refusal} told={row} />
        </aside>
      </div>
      {ask !== undefined && (
        <QueueDialog ask={ask} onClose={() => setAsk(undefined)} queue={queue} />
      )}
    </>
  );
}

function Figures(props: {
  row: QueueRow;
  refusal: string | undefined;
  onAsk: (ask: QueueAsk) => void;
}) {
  const { row, refusal, onAsk } = props;
  const { queue, flow } = row;
  const stretch = useStretch();
  return (
    <div className="flex shrink-0 flex-wrap items-stretch border-b border-line bg-surface">
      <div className="min-w-0 flex-1 basis-[36rem]">
        <KeyFigures>
          <KeyFigure
            name={<ReadyName queue={queue} />}
            value={<span title={countText(queue.ready)}>{shortCount(queue.ready)}</span>}
          />
          <KeyFigure
            name="Median wait"
            tone={queue.waitMedian === undefined ? "text-muted" : "text-ink"}
            value={queue.waitMedian === undefined ? "none" : spanText(durationMs(queue.waitMedian))}
          />
          <KeyFigure
            beside={
              <span className="max-sm:hidden">
                <RatePicture flow={flow} heightPx={20} stretch={stretch} widthPx={96} />
              </span>
            }
            name={`Done a minute, ${perMinuteText(queue.submittedPerMinute)} came in`}
            value={perMinuteText(queue.completedPerMinute)}
          />
          <KeyFigure
            name={`${queue.workers === 1 ? "Worker" : "Workers"}, room for ${countText(queue.room)}`}
            tone={queue.workers === 0 ? "text-muted" : "text-ink"}
            value={countText(queue.workers)}
          />
        </KeyFigures>
      </div>
      <QueueActs onAsk={onAsk} queue={queue} refusal={refusal} />
    </div>
  );
}

function ReadyName({ queue: { oldestReadyTime } }: { queue: Queue }) {
  if (oldestReadyTime === undefined) return <>Ready</>;
  return (
    <span>
      Ready, oldest <Since at={oldestReadyTime} />
    </span>
  );
}

function QueueActs(props: {
  queue: Queue;
  refusal: string | undefined;
  onAsk: (ask: QueueAsk) => void;
}) {
  const { queue, refusal, onAsk } = props;
  const not = refusal === undefined ? {} : { refusal };
  const { paused = false, rate } = queue.settings ?? {};
  const most = rate?.perMinute ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-2 px-5 py-2.5">
      <Button
        icon={paused ? "play" : "pause"}
        onClick={() => onAsk(paused ? "resume" : "pause")}
        {...not}
      >
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button onClick={() => onAsk("rate")} {...not}>
        {most === 0 ? "Limit the rate" : `At most ${countText(most)} a minute`}
      </Button>
      <ParentButton onAsk={() => onAsk("parent")} refusal={refusal} use={queue.settings?.parent} />
    </div>
  );
}

/** What keeps its tasks, in the shape of every wait; nothing while they are taken. */
function WhatItWaitsFor({ queue }: { queue: Queue }) {
  const wait = waitOf(queue);
  if (wait === undefined) return null;
  return (
    <div className="shrink-0 border-b border-line bg-surface px-5 py-3">
      <Waiting plain wait={wait} />
    </div>
  );
}

/** Since when nobody says of a queue: of its oldest task is what matters. */
function waitOf({ name, settings, ready, workers, oldestReadyTime }: Queue): WaitShape | undefined {
  const sinceMs = oldestReadyTime === undefined ? 0n : BigInt(timestampMs(oldestReadyTime));
  if (settings?.paused) {
    const why = settings.pauseReason === "" ? "" : `: ${settings.pauseReason}`;
    return {
      waitingFor: `somebody to resume the queue${why}`,
      whoCanEndIt: "an admin",
      sinceMs,
      command: taskLine("resume", name),
    };
  }
  if (ready === 0n || workers > 0) return undefined;
  return {
    waitingFor: `a worker: ${countText(ready)} ${ready === 1n ? "task is" : "tasks are"} ready and nobody works here`,
    whoCanEndIt: "whoever runs workers",
    sinceMs,
    command: workLine(name),
  };
}

function NoSuchQueue({ name }: { name: string }) {
  const [, change] = useTaskView();
  return (
    <Empty command={taskLine("submit", name, "hello")} icon="task" title="No such queue yet">
      <p className="wrap-anywhere">
        Nobody has submitted a task to “{name.slice(0, 80)}”. The first one makes the queue.
      </p>
      <div className="mt-4">
        <Button onClick={() => change({ queue: undefined })}>Show all queues</Button>
      </div>
    </Empty>
  );
}
