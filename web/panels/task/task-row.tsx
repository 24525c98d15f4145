import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { memo, type ReactNode } from "react";
import { Tag } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { clip } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { spanText } from "../../parts/span.ts";
import { Ago } from "../../parts/time.tsx";
import { hasEnded } from "./state.ts";
import { TaskStateBadge } from "./state-badge.tsx";
import { shortId } from "./task-link.tsx";

export const taskRowHeight = 44;

/** What can be done about a task in its row. */
export type RowAct = "retry" | "cancel";

interface TaskRowProps {
  readonly task: Task;
  readonly index: number;
  /** What its node is called; empty where nobody holds it. */
  readonly holder: string;
  /** Whether the queue is worth its place, as it is not in a list of one. */
  readonly withQueue: boolean;
  /** Whether it left the list while somebody reads it. */
  readonly gone: boolean;
  readonly stop: boolean;
  readonly refusal: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onAct: (act: RowAct, task: Task) => void;
}

const shape =
  "absolute inset-x-0 contain-strict flex items-center gap-3 border-b border-line px-5 text-sm " +
  "hover:bg-sunken has-focus-visible:bg-accent-ground";

/** One task; drawn anew only when it changed. */
export const TaskRow = memo(
  function TaskRow(props: TaskRowProps) {
    const { task, index, gone } = props;
    return (
      <div
        aria-rowindex={index + 2}
        className={`${shape} ${gone ? "text-muted italic" : ""}`}
        role="row"
        style={{ top: index * taskRowHeight, height: taskRowHeight }}
      >
        <Part shape={cells.state}>
          <TaskStateBadge quiet state={task.state} />
        </Part>
        <Part shape={cells.kind}>
          <Opener {...props} />
        </Part>
        {props.withQueue && <Part shape={cells.queue}>{task.spec?.queue}</Part>}
        <Part shape={cells.priority}>{task.spec?.priority}</Part>
        <Part shape={cells.key}>
          <bdi className="block truncate">{task.spec?.fairnessKey || "–"}</bdi>
        </Part>
        <Part shape={cells.what}>
          <What holder={props.holder} task={task} />
        </Part>
        <Part shape={cells.since}>
          <Ago at={sinceOf(task)} />
        </Part>
        <Part shape={cells.act}>
          <Act {...props} />
        </Part>
      </div>
    );
  },
  (before, now) =>
    before.task.id === now.task.id &&
    before.task.revision === now.task.revision &&
    before.task.state === now.task.state &&
    before.index === now.index &&
    before.holder === now.holder &&
    before.withQueue === now.withQueue &&
    before.gone === now.gone &&
    before.stop === now.stop &&
    before.refusal === now.refusal,
);

/** The columns, by how much room each has. */
export const cells = {
  state: "w-28 shrink-0",
  kind: "min-w-32 flex-1",
  queue: "w-36 shrink-0 truncate @max-4xl:hidden",
  priority: "figures w-14 shrink-0 text-right @max-2xl:hidden",
  key: "w-24 shrink-0 text-muted @max-5xl:hidden",
  what: "min-w-0 flex-[1.6] text-xs text-muted @max-xl:hidden",
  since: "w-24 shrink-0 text-right text-xs text-muted @max-md:hidden",
  act: "relative z-10 w-18 shrink-0 text-right",
} as const;

function Part({ shape: look, children }: { shape: string; children: ReactNode }) {
  return (
    <span className={look} role="cell">
      {children}
    </span>
  );
}

function Opener({ task, stop, onOpen }: TaskRowProps) {
  const kind = task.spec?.kind ?? "";
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <button
        aria-label={`${clip(kind, 60)}, task ${task.id}`}
        className="min-w-0 truncate text-left font-medium text-accent after:absolute after:inset-0"
        data-row={task.id}
        onClick={() => onOpen(task.id)}
        tabIndex={stop ? 0 : -1}
        title={kind}
        type="button"
      >
        <bdi>{clip(kind, 120)}</bdi>
      </button>
      <span className="shrink-0 font-mono text-2xs text-muted @max-4xl:hidden" title={task.id}>
        {shortId(task.id)}
      </span>
    </span>
  );
}

function Act({ task, refusal, onAct }: TaskRowProps) {
  const not = refusal === undefined ? {} : { refusal };
  if (task.state === TaskState.FAILED) {
    return (
      <Button onClick={() => onAct("retry", task)} small {...not}>
        Retry
      </Button>
    );
  }
  if (hasEnded(task.state)) return null;
  return (
    <Button onClick={() => onAct("cancel", task)} small tone="quiet" {...not}>
      Cancel
    </Button>
  );
}

/** What is worth knowing of it as it stands, on one line. */
function What({ task, holder }: { task: Task; holder: string }) {
  const { state, attempt, spec, nextAttemptTime, cancellation } = task;
  const failure = task.failure ?? attempt?.failure;
  switch (state) {
    case TaskState.WORKING:
      return <Held holder={holder} task={task} />;
    case TaskState.SCHEDULED:
      return (
        <Line>
          {failure !== undefined && `${failure.reason}; again `}
          <Ago at={nextAttemptTime} />
        </Line>
      );
    case TaskState.BLOCKED:
      return <Line>after {countOf(spec?.dependsOn.length ?? 0, "other task")}</Line>;
    case TaskState.FAILED:
      return (
        <Line tone="text-offline">
          {failure === undefined ? "" : `${failure.reason}: ${clip(failure.message, 200)} `}
          {attempt !== undefined && `(${countOf(attempt.number, "attempt")})`}
        </Line>
      );
    case TaskState.COMPLETED:
      return <Line>{tookText(task, holder)}</Line>;
    case TaskState.CANCELED:
      return <Line>{clip(cancellation?.reason || failure?.reason || "called off", 200)}</Line>;
    default:
      return <Labels labels={spec?.labels ?? {}} />;
  }
}

function Held({ task: { attempt }, holder }: { task: Task; holder: string }) {
  const { fraction, message = "" } = attempt?.progress ?? {};
  return (
    <span className="flex min-w-0 items-center gap-2">
      {fraction !== undefined && <Meter className="w-16 shrink-0" part={fraction} />}
      <Line>
        {holder}
        {message !== "" && `: ${clip(message, 120)}`}
      </Line>
    </span>
  );
}

const labelsMax = 4;

function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const pairs = Object.entries(labels).slice(0, labelsMax);
  return (
    <span className="flex gap-1 overflow-hidden">
      {pairs.map(([name, value]) => (
        <Tag key={name}>{`${name}=${value}`}</Tag>
      ))}
    </span>
  );
}

function Line({ children, tone = "" }: { children: ReactNode; tone?: string }) {
  return <bdi className={`block min-w-0 truncate ${tone}`}>{children}</bdi>;
}

function tookText({ attempt }: Task, holder: string): string {
  if (attempt?.claimTime === undefined || attempt.endTime === undefined) return "";
  const took = spanText(timestampMs(attempt.endTime) - timestampMs(attempt.claimTime));
  return `in ${took}${holder === "" ? "" : ` by ${holder}`}`;
}

/** "one attempt", "3 attempts". */
export function countOf(count: number, what: string): string {
  return count === 1 ? `one ${what}` : `${count.toLocaleString("en-US")} ${what}s`;
}

/** Since when it stands as it does. */
function sinceOf({ state, createTime, readyTime, endTime, attempt }: Task) {
  if (hasEnded(state)) return endTime;
  if (state === TaskState.WORKING) return attempt?.claimTime;
  return state === TaskState.SUBMITTED ? readyTime : createTime;
}
