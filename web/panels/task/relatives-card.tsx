import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useQuery } from "@connectrpc/connect-query";
import type { ReactNode } from "react";
import { Card } from "../../parts/card.tsx";
import { Section } from "../../parts/section.tsx";
import { useTasks } from "./all-tasks.ts";
import { TaskStateBadge } from "./state-badge.tsx";
import { hasEnded } from "./state.ts";
import { TaskLink } from "./task-link.tsx";

/** So many are shown; the rest is on the command line. */
const shownMax = 20;
const againMs = 3_000;

/** The tasks it waits for, the one it is a part of, and its own parts. */
export function RelativesCard({ task }: { task: Task }) {
  const { id, spec, revision, state } = task;
  const { tasks: children } = useTasks({ parentId: id }, revision);
  // A place in a batch says nothing here; what it still waits for is told by its id.
  const named = spec?.dependsOn.filter((each) => !each.startsWith("#")) ?? [];
  const before = [...new Set([...named, ...task.waitsFor])];
  const parentId = spec?.parentId ?? "";
  if (before.length === 0 && parentId === "" && children.length === 0) return null;
  const live = !hasEnded(state);
  return (
    <Card title="Other tasks">
      <div className="flex flex-col gap-5 p-5">
        {parentId !== "" && (
          <Section title="It is a part of">
            <Rows>
              <Relative id={parentId} live={live} />
            </Rows>
          </Section>
        )}
        {before.length > 0 && (
          <Section title="To be completed first">
            <Rows>
              {before.slice(0, shownMax).map((each) => (
                <Relative id={each} key={each} live={live} />
              ))}
            </Rows>
          </Section>
        )}
        {children.length > 0 && (
          <Section title="Its parts">
            <Rows>
              {children.slice(0, shownMax).map((child) => (
                <Row key={child.id} task={child} />
              ))}
            </Rows>
            {children.length > shownMax && (
              <p className="mt-1 text-xs text-muted">and {children.length - shownMax} more</p>
            )}
          </Section>
        )}
      </div>
    </Card>
  );
}

function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line">{children}</ul>;
}

/** One that is known by its id alone; it is asked how it stands. */
function Relative({ id, live }: { id: string; live: boolean }) {
  const { data } = useQuery(
    TaskService.method.getTask,
    { taskId: id },
    { refetchInterval: live ? againMs : false, retry: false },
  );
  if (data?.task !== undefined) return <Row task={data.task} />;
  return (
    <li className="flex h-9 items-center">
      <TaskLink id={id} />
    </li>
  );
}

function Row({ task: { id, spec, state } }: { task: Task }) {
  return (
    <li className="flex min-h-9 items-center justify-between gap-3 text-sm">
      <span className="min-w-0 truncate">
        <TaskLink id={id}>{spec?.kind ?? id}</TaskLink>
      </span>
      <TaskStateBadge quiet state={state ?? TaskState.UNSPECIFIED} />
    </li>
  );
}
