import { useQuery } from "@connectrpc/connect-query";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { FactRow, Facts } from "../../parts/card.tsx";
import { countText } from "../../parts/measure.ts";
import { Section } from "../../parts/section.tsx";
import { Since } from "../../parts/time.tsx";
import { QueueLink, TaskLink } from "./task-link.tsx";

const againMs = 5_000;
const heldMax = 6;
const workersMax = 1_000;

/** What a node works on, and for which queues; nothing where it does not work. */
export function TaskSection({ nodeId }: { nodeId: string }) {
  const tasks = useQuery(
    TaskService.method.listTasks,
    { nodeId, states: [TaskState.WORKING], page: { size: heldMax + 1, token: "" } },
    { refetchInterval: againMs },
  );
  const workers = useQuery(
    WorkService.method.listWorkers,
    { page: { size: workersMax, token: "" } },
    { refetchInterval: againMs },
  );
  const held = tasks.data?.tasks ?? [];
  const own = workers.data?.workers.filter((status) => status.nodeId === nodeId) ?? [];
  if (held.length === 0 && own.length === 0) return null;
  return (
    <Section title="Its work">
      <Facts>
        {own.map((status) => (
          <WorkerRow key={`${status.worker?.queue} ${status.worker?.name}`} status={status} />
        ))}
        <FactRow name="Holds now">
          <Held tasks={held} />
        </FactRow>
      </Facts>
    </Section>
  );
}

function WorkerRow({ status: { worker, holds, draining } }: { status: WorkerStatus }) {
  return (
    <FactRow name={(worker?.name ?? "").slice(0, 40)}>
      <span className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate">
          <QueueLink name={worker?.queue ?? ""} />
        </span>
        <span className="figures shrink-0 text-xs text-muted">
          {countText(holds.length)} of {countText(worker?.concurrency)}
          {draining && ", draining"}
        </span>
      </span>
    </FactRow>
  );
}

function Held({ tasks }: { tasks: readonly Task[] }) {
  if (tasks.length === 0) return <span className="text-muted">nothing</span>;
  return (
    <ul className="flex flex-col gap-1">
      {tasks.slice(0, heldMax).map(({ id, spec, attempt }) => (
        <li className="flex items-baseline justify-between gap-3" key={id}>
          <span className="min-w-0 truncate">
            <TaskLink id={id}>{spec?.kind ?? id}</TaskLink>
          </span>
          <span className="shrink-0 text-xs text-muted">
            <Since at={attempt?.claimTime} />
          </span>
        </li>
      ))}
      {tasks.length > heldMax && <li className="text-xs text-muted">and more</li>}
    </ul>
  );
}
