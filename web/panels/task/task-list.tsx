import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { useSize } from "../../parts/use-size.ts";
import { sliceOf } from "../../parts/window.ts";
import { useReading } from "../event/reading.ts";
import { useWatch } from "../node/nodes.tsx";
import { type HeldRows, heldRows } from "./held-rows.ts";
import { nodeText } from "./task-link.tsx";
import { cells, type RowAct, TaskRow, taskRowHeight } from "./task-row.tsx";

interface TaskListProps {
  readonly tasks: readonly Task[];
  readonly withQueue: boolean;
  readonly refusal: string | undefined;
  /** Asks for the next page; undefined where there is none, or it is on its way. */
  readonly onEnd: (() => void) | undefined;
  readonly isWhole: boolean;
  readonly onOpen: (id: string) => void;
  readonly onAct: (act: RowAct, task: Task) => void;
}

/** So many rows before the end of what is here, more of it is asked for. */
const ahead = 40;

/** Tasks in rows; only what is in sight is drawn, and none moves under who reads. */
export function TaskList(props: TaskListProps) {
  const { tasks, withQueue, onEnd } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { height } = useSize(frame);
  const [top, setTop] = useState(0);
  const { held, read, go } = useHeld(tasks);
  const reading = useReading(frame, taskRowHeight / 2, read);
  const count = held.rows.length;
  const slice = sliceOf(count, taskRowHeight, top, height);
  useEffect(() => {
    if (slice.end + ahead > count) onEnd?.();
  }, [slice.end, count, onEnd]);
  return (
    <div className="@container relative flex min-h-0 min-w-0 flex-1 flex-col">
      <Newer count={held.newer} frame={frame} onGo={go} />
      <div
        aria-label="Tasks"
        aria-rowcount={count + 1}
        className="scrolls min-h-0 flex-1 bg-surface outline-offset-[-2px]"
        onBlur={reading.onBlur}
        onFocus={reading.onFocus}
        onKeyDown={(event) => moveFocus(event, frame.current)}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget;
          // Drawn before the next frame: a blank row is never seen, however fast somebody scrolls.
          flushSync(() => setTop(scrollTop));
          reading.onScroll();
        }}
        ref={frame}
        role="table"
        tabIndex={0}
      >
        <Heads withQueue={withQueue} />
        <div
          className="relative"
          onPointerLeave={reading.onPointerLeave}
          onPointerMove={reading.onPointerMove}
          role="rowgroup"
          style={{ height: count * taskRowHeight }}
        >
          <Drawn {...props} held={held} slice={slice} />
        </div>
      </div>
      <Foot count={count} isWhole={props.isWhole} />
    </div>
  );
}

/** How much of the list is here. */
function Foot({ count, isWhole }: { count: number; isWhole: boolean }) {
  return (
    <p
      aria-live="polite"
      className="figures flex h-9 shrink-0 items-center border-t border-line bg-surface px-5 text-xs text-muted"
    >
      {isWhole
        ? `${countText(count)} ${count === 1 ? "task" : "tasks"}`
        : `The newest ${countText(count)}; more as you scroll`}
    </p>
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
function Drawn(props: TaskListProps & { held: HeldRows; slice: { start: number; end: number } }) {
  const { held, slice, withQueue, refusal, onOpen, onAct } = props;
  const { nodes } = useWatch();
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
] as const;

function Heads({ withQueue }: { withQueue: boolean }) {
  return (
    <div className="sticky top-0 z-20 border-b border-line bg-surface" role="rowgroup">
      <div
        aria-rowindex={1}
        className="flex h-9 items-center gap-3 px-5 text-xs font-medium whitespace-nowrap text-muted"
        role="row"
      >
        {heads.map(
          ([word, shape]) =>
            (withQueue || word !== "Queue") && (
              <span className={`${shape} text-xs text-muted`} key={word} role="columnheader">
                {word}
              </span>
            ),
        )}
        <span className="w-18 shrink-0" role="columnheader">
          <span className="sr-only">Actions</span>
        </span>
      </div>
    </div>
  );
}

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

function moveFocus(event: KeyboardEvent, table: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || table === null) return;
  event.preventDefault();
  const rows = [...table.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? rows.find((row) => row.tabIndex === 0) : rows[at + step];
  next?.focus();
}
