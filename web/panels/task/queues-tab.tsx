import { useMemo } from "react";
import { Button } from "../../parts/button.tsx";
import type { Connection } from "../../parts/follow.ts";
import { AlarmFigure, KeyFigure, KeyFigures } from "../../parts/key-figure.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText, shortCount } from "../../parts/measure.ts";
import { Empty, TroubleCard } from "../../parts/note.tsx";
import { taskLine } from "./as-cli.ts";
import { perMinuteText } from "./flow.ts";
import { findQueues, sortQueues } from "./queue-sort.ts";
import { QueueTable } from "./queue-table.tsx";
import type { QueueRow, Queues } from "./queues.ts";
import { standingOf } from "./standing.ts";
import { useTaskView } from "./view.ts";

interface QueuesTabProps {
  readonly queues: Queues;
  readonly connection: Connection;
  readonly onRetry: () => void;
}

/** Every queue in a row, those that need somebody first. */
export function QueuesTab({ queues, connection, onRetry }: QueuesTabProps) {
  const [{ words, sort }] = useTaskView();
  const all = useMemo(() => [...queues.rows.values()], [queues.rows]);
  const { key, descending } = sort;
  const found = useMemo(
    () => sortQueues(findQueues(all, words), { key, descending }),
    [all, words, key, descending],
  );
  if (connection.state === "refused" && all.length === 0) {
    return (
      <div className="p-6">
        <TroubleCard retry={onRetry} trouble={connection.trouble} />
      </div>
    );
  }
  if (!queues.complete) return <Loading label="Asking for the queues" lines={8} table />;
  if (all.length === 0) return <NoQueues />;
  return (
    <>
      <QueueFigures rows={all} />
      {found.length > 0 ? (
        <QueueTable all={all.length} rows={found} />
      ) : (
        <NothingFound all={all.length} />
      )}
    </>
  );
}

/** All queues at a glance. */
function QueueFigures({ rows }: { rows: readonly QueueRow[] }) {
  const sum = (of: (row: QueueRow) => bigint) => rows.reduce((total, row) => total + of(row), 0n);
  const stuck = rows.filter(({ queue }) => standingOf(queue).isStuck).length;
  const failed = sum(({ queue }) => queue.failed);
  const done = rows.reduce((total, { queue }) => total + queue.completedPerMinute, 0);
  return (
    <KeyFigures strip>
      <KeyFigure name="Ready" value={shortCount(sum(({ queue }) => queue.ready))} />
      <KeyFigure name="Working" value={shortCount(sum(({ queue }) => queue.working))} />
      <KeyFigure name="Completed a minute" value={perMinuteText(done)} />
      <AlarmFigure count={failed} icon="offline" name="Dead letters" tone="text-offline" />
      <AlarmFigure
        count={stuck}
        icon="degraded"
        name="Queues that stand still"
        tone="text-degraded"
      />
    </KeyFigures>
  );
}

function NothingFound({ all }: { all: number }) {
  const [{ words }, change] = useTaskView();
  return (
    <Empty icon="search" title="No queue is called that">
      <p>
        None of the {countText(all)} queues has “{words.slice(0, 80)}” in its name.
      </p>
      <div className="mt-4">
        <Button onClick={() => change({ q: undefined }, true)}>Show all queues</Button>
      </div>
    </Empty>
  );
}

function NoQueues() {
  return (
    <Empty
      command={taskLine("submit", "work", "hello")}
      icon="task"
      title="Nobody has asked for work yet"
    >
      The first task makes its queue, which appears here by itself: with what waits in it, how fast
      it goes, and who works on it. A worker is a node that serves the queue by the SDK, in
      TypeScript, Python or Go.
    </Empty>
  );
}
