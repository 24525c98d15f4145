import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Badge } from "../../parts/badge.tsx";
import type { Connection } from "../../parts/follow.ts";
import { Loading } from "../../parts/loading.tsx";
import { TroubleCard } from "../../parts/note.tsx";
import { clip } from "../../parts/measure.ts";
import { PageHead } from "../../parts/page.tsx";
import { ConnectionBadge } from "../../parts/connection.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { Crumbs } from "./crumbs.tsx";
import { ExplainCard } from "./explain-card.tsx";
import { FactsCard, kindMax } from "./facts-card.tsx";
import { partOf } from "./parent-use.ts";
import { PayloadCards } from "./payload-card.tsx";
import { RelativesCard } from "./relatives-card.tsx";
import { hasEnded } from "./state.ts";
import { TaskStateBadge } from "./state-badge.tsx";
import { TaskActs } from "./task-acts.tsx";
import { useTaskLive } from "./task-live.ts";
import { TimelineCard } from "./timeline-card.tsx";

/** One task: why it stands as it does, its life so far, and what it is about. */
export function OneTask({ id }: { id: string }) {
  const live = useTaskLive(id);
  const { task } = useLive(live);
  const connection = useConnection(live);
  const part = task && partOf(task);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead
        aside={task && <TaskActs task={task} />}
        title={clip(task?.spec?.kind ?? "Task", kindMax)}
      >
        <Crumbs queue={task?.spec?.queue} task={id} />
        {task && <TaskStateBadge state={task.state} />}
        {part !== undefined && <Badge icon="hub">{part}</Badge>}
        {task && !hasEnded(task.state) && <ConnectionBadge connection={connection} />}
      </PageHead>
      <div className="scrolls @container min-h-0 flex-1 p-5">
        <Body connection={connection} onRetry={live.hurry} task={task} />
      </div>
    </div>
  );
}

function Body(props: { task: Task | undefined; connection: Connection; onRetry: () => void }) {
  const { task, connection, onRetry } = props;
  if (task !== undefined) return <Known task={task} />;
  if (connection.state === "refused") {
    return <TroubleCard retry={onRetry} trouble={connection.trouble} />;
  }
  return <Loading label="Asking for the task" lines={8} />;
}

function Known({ task }: { task: Task }) {
  return (
    <div className="grid max-w-[90rem] grid-cols-[minmax(0,1fr)] items-start gap-5 @4xl:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <ExplainCard task={task} />
        <TimelineCard task={task} />
        <PayloadCards task={task} />
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <FactsCard task={task} />
        <RelativesCard task={task} />
      </div>
    </div>
  );
}
