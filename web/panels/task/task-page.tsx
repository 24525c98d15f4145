import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useMemo, useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { ConnectionBadge } from "../../parts/connection.tsx";
import type { Connection } from "../../parts/follow.ts";
import { PageHead } from "../../parts/page.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { Segments } from "../../parts/segments.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { useMay } from "../../shell/session.tsx";
import { Crumbs } from "./crumbs.tsx";
import { OneTask } from "./one-task.tsx";
import { QueueView } from "./queue-view.tsx";
import type { Queues } from "./queues.ts";
import { useQueuesLive } from "./queues-live.ts";
import { QueuesTab } from "./queues-tab.tsx";
import { SchedulesTab } from "./schedules-tab.tsx";
import { standingOf } from "./standing.ts";
import { SubmitDialog } from "./submit-dialog.tsx";
import { TasksPart } from "./tasks-part.tsx";
import { useTaskView } from "./view.ts";
import { WorkersTab } from "./workers-tab.tsx";

/** Queues, what waits in them and who works on it; one queue; one task. */
export function TaskPage() {
  const [{ task }] = useTaskView();
  return task === undefined ? <AllOfThem /> : <OneTask id={task} key={task} />;
}

function AllOfThem() {
  const live = useQueuesLive();
  const queues = useLive(live);
  const connection = useConnection(live);
  const [{ tab, queue }] = useTaskView();
  const ofQueue = tab === "queues" ? queue : undefined;
  const known = { queues, connection, onRetry: live.hurry };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head connection={connection} queue={ofQueue} queues={queues} />
      {ofQueue !== undefined && <QueueView key={ofQueue} name={ofQueue} {...known} />}
      {tab === "queues" && ofQueue === undefined && <QueuesTab {...known} />}
      {tab === "tasks" && <AllTasks queues={queues} />}
      {tab === "workers" && <WorkersTab told={queues.rows} />}
      {tab === "schedules" && <SchedulesTab told={queues.rows} />}
    </div>
  );
}

function AllTasks({ queues: { rows } }: { queues: Queues }) {
  const counts = useMemo(() => [...rows.values()].map(({ queue }) => queue), [rows]);
  return <TasksPart counts={counts} queue={undefined} told={rows} />;
}

const finds = {
  queues: "Find queues",
  tasks: "",
  workers: "Find workers",
  schedules: "Find schedules",
} as const;

function Head(props: {
  connection: Connection;
  queues: Queues;
  /** The one that is looked at. */
  queue: string | undefined;
}) {
  const { connection, queues, queue } = props;
  const [{ tab, words }, change] = useTaskView();
  const find = queue === undefined ? finds[tab] : "";
  return (
    <PageHead
      aside={
        <div className="flex flex-wrap items-center gap-3 max-sm:contents">
          {find !== "" && (
            <SearchBox
              key={tab}
              label={find}
              onChange={(q) => change({ q: q || undefined }, true)}
              value={words}
            />
          )}
          <Submit />
        </div>
      }
      title={queue?.slice(0, 63) ?? "Tasks"}
    >
      {queue === undefined ? <Tabs /> : <Standing queue={queue} queues={queues} />}
      <ConnectionBadge connection={connection} />
    </PageHead>
  );
}

function Tabs() {
  const [{ tab }, change] = useTaskView();
  return (
    <div className="scrolls max-w-full *:min-w-max">
      <Segments
        label="Part of the page"
        onChange={(view) =>
          change({
            view: view === "queues" ? undefined : view,
            q: undefined,
            state: undefined,
            queue: undefined,
          })
        }
        options={[
          { value: "queues", word: "Queues" },
          { value: "tasks", word: "Tasks" },
          { value: "workers", word: "Workers" },
          { value: "schedules", word: "Schedules" },
        ]}
        value={tab}
      />
    </div>
  );
}

function Standing({ queue, queues }: { queue: string; queues: Queues }) {
  const row = queues.rows.get(queue);
  const look = row && standingOf(row.queue);
  return (
    <>
      <Crumbs queue={queue} />
      {look && (
        <Badge icon={look.icon} tone={look.tone}>
          {look.word}
        </Badge>
      )}
    </>
  );
}

function Submit() {
  const may = useMay(TaskService.method.submitTask);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        icon="plus"
        onClick={() => setAsking(true)}
        {...(!may.allowed && { refusal: may.why })}
      >
        Submit a task
      </Button>
      {asking && <SubmitDialog onClose={() => setAsking(false)} />}
    </>
  );
}
