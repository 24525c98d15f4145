import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { LongTable } from "../../parts/long-table.tsx";
import { countText } from "../../parts/measure.ts";
import type { Slice } from "../../parts/window.ts";
import { useWatch } from "../node/nodes.tsx";
import { type HeldRows, heldRows } from "./held-rows.ts";
import { nodeText } from "./task-link.tsx";
import { cells, type RowAct, TaskRow, taskRowHeight } from "./task-row.tsx";

interface TaskListProps {
  readonly tasks: readonly Task[];
  readonly withQueue: boolean;
  readonly refusal: string | undefined;
  /** Asks for the next page; undefined where it is not to be read now. */
  readonly onEnd: (() => void) | undefined;
  /** Asks for more where the list does not go on by itself. */
  readonly onFurther: (() => void) | undefined;
  /** Reads the list again where that does not happen by itself. */
  readonly onAgain: (() => void) | undefined;
  readonly isWhole: boolean;
  readonly onOpen: (id: string) => void;
  readonly onAct: (act: RowAct, task: Task) => void;
}

/** So many rows before the end of what is here, more of it is asked for. */
const ahead = 40;

/** Tasks in rows; only what is in sight is drawn, and none moves under who reads. */
export function TaskList(props: TaskListProps) {
  const { tasks, withQueue } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { held, read, go } = useHeld(tasks);
  const count = held.rows.length;
  return (
    <div className="@container relative flex min-h-0 min-w-0 flex-1 flex-col">
      <Newer count={held.newer} frame={frame} onGo={go} />
      <LongTable
        count={count}
        frame={frame}
        heads={withQueue ? heads : heads.filter(([word]) => word !== "Queue")}
        label="Tasks"
        onReading={read}
        rowHeight={taskRowHeight}
      >
        {(slice) => <Drawn {...props} held={held} slice={slice} />}
      </LongTable>
      <Foot {...props} count={count} />
    </div>
  );
}

/** How much of the list is here. */
function Foot(props: TaskListProps & { count: number }) {
  const { count, isWhole, onFurther, onAgain } = props;
  const more =
    onFurther === undefined ? "more as you scroll" : "few of the older ones are like that";
  return (
    <div
      aria-live="polite"
      className="figures flex h-9 shrink-0 items-center gap-3 border-t border-line bg-surface px-5 text-xs text-muted"
    >
      <p>
        {isWhole
          ? `${countText(count)} ${count === 1 ? "task" : "tasks"}`
          : `The newest ${countText(count)}; ${more}`}
      </p>
      {onFurther !== undefined && (
        <Button onClick={onFurther} small tone="quiet">
          Look further
        </Button>
      )}
      {onAgain !== undefined && (
        <Button onClick={onAgain} small tone="quiet">
          Not kept up to date: read again
        </Button>
      )}
    </div>
  );
}

/** Holds the rows where they are while they are read. */
function useHeld(tasks: readonly Task[]) {
  const [still, setStill] = useState<readonly Task[]>();
  const latest = useRef(tasks);
  useEffect(() => {
    latest.current = tasks;
  });
  const read = useCallback((isReading: boolean) => {
    setStill((before) => (isReading ? (before ?? latest.current) : undefined));
  }, []);
  const go = useCallback(() => setStill(undefined), []);
  return { held: heldRows(still, tasks), read, go };
}

/** The rows in sight. */
function Drawn(props: TaskListProps & { held: HeldRows; slice: Slice }) {
  const { held, slice, withQueue, refusal, onOpen, onAct, onEnd } = props;
  const { nodes } = useWatch();
  const isNearEnd = slice.end + ahead > held.rows.length;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, onEnd]);
  return held.rows.slice(slice.start, slice.end).map((task, at) => {
    const nodeId = task.attempt?.nodeId ?? "";
    return (
      <TaskRow
        gone={held.gone.has(task.id)}
        holder={nodeId === "" ? "" : (nodes.get(nodeId)?.name ?? nodeText(nodeId))}
        index={slice.start + at}
        key={task.id}
        onAct={onAct}
        onOpen={onOpen}
        refusal={refusal}
        stop={at === 0}
        task={task}
        withQueue={withQueue}
      />
    );
  });
}

const heads = [
  ["State", cells.state],
  ["Kind", cells.kind],
  ["Queue", cells.queue],
  ["Priority", cells.priority],
  ["Fairness key", cells.key],
  ["What is known", cells.what],
  ["Since", cells.since],
  ["", "w-18 shrink-0"],
] as const;

/** Leads back to the newest task; it lies over the rows, so that none of them moves. */
function Newer(props: { count: number; frame: RefObject<HTMLElement | null>; onGo: () => void }) {
  const { count, frame, onGo } = props;
  if (count === 0) return null;
  return (
    <button
      className="figures absolute top-11 left-1/2 z-30 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3.5 text-xs font-medium shadow-lift hover:border-accent hover:text-accent"
      onClick={() => {
        onGo();
        frame.current?.scrollTo({ top: 0 });
      }}
      type="button"
    >
      <Icon name="up" size={12} />
      {countText(count)} newer
    </button>
  );
}
