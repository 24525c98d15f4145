import type { Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText, shortCount } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { Segments } from "../../parts/segments.tsx";
import { useMay } from "../../shell/session.tsx";
import { useTasks } from "./all-tasks.ts";
import { taskLine } from "./as-cli.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import { listWishIn } from "./list-words.ts";
import { NoneYet, NoTasks } from "./no-tasks.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { stateChoices } from "./state.ts";
import { TaskList } from "./task-list.tsx";
import { countOf, type RowAct } from "./task-row.tsx";
import { useTaskView } from "./view.ts";

interface TasksPartProps {
  /** The one queue whose tasks are listed; undefined for all. */
  readonly queue: string | undefined;
  /** Another value whenever the list may have changed. */
  readonly told: unknown;
  readonly counts: readonly Queue[];
}

/** Tasks by how they stand, by kind and by label; dead letters can be retried all at once. */
export function TasksPart({ queue, told, counts }: TasksPartProps) {
  const [, change] = useTaskView();
  const { list, tasks, onEnd, listKey, ...more } = useWanted(queue, told);
  const { asked, act, close } = useAsked();
  const may = useMay(TaskService.method.retryTask);
  const open = useCallback((task: string) => change({ task }), [change]);
  const dead = tasks.filter(({ state }) => state === TaskState.FAILED);
  const isWhole = !list.hasNextPage;
  const refusal = may.allowed ? undefined : may.why;
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <FilterLine
        counts={counts}
        dead={dead.length}
        isWhole={isWhole}
        onRetry={() => act("retry", dead)}
        refusal={refusal}
      />
      {list.error !== null && (
        <div className="p-5">
          <TroubleNote error={list.error} retry={more.retry} />
        </div>
      )}
      {list.isPending && list.error === null && (
        <Loading label="Asking for the tasks" lines={8} table />
      )}
      {list.data !== undefined && tasks.length === 0 && isWhole && <NoTasks queue={queue} />}
      {list.data !== undefined && tasks.length === 0 && !isWhole && (
        <NoneYet isLooking={list.isFetching} onMore={more.lookFurther} />
      )}
      {tasks.length > 0 && (
        <TaskList
          isWhole={isWhole}
          // Another choice is another list: whoever read the one before reads anew.
          key={listKey}
          onAct={(what, task) => act(what, [task])}
          onAgain={more.isStill ? () => void list.refetch() : undefined}
          onEnd={onEnd}
          onFurther={more.isTired && !list.isFetching ? more.lookFurther : undefined}
          onOpen={open}
          refusal={refusal}
          tasks={tasks}
          withQueue={queue === undefined}
        />
      )}
      <Asked asked={asked} isWhole={isWhole} onClose={close} queue={queue} />
    </div>
  );
}

/** The tasks that the address asks for. */
function useWanted(queue: string | undefined, told: unknown) {
  const [{ states, words }] = useTaskView();
  const wish = useDeferredValue(words);
  const { kind, labels } = useMemo(() => listWishIn(wish), [wish]);
  const { list, mayGoOn, ...found } = useTasks(
    { ...(queue !== undefined && { queue }), states: states.states, kind, labels },
    told,
  );
  const { fetchNextPage } = list;
  const onEnd = useMemo(
    () => (mayGoOn ? () => void fetchNextPage() : undefined),
    [mayGoOn, fetchNextPage],
  );
  return { list, ...found, onEnd, listKey: `${states.word} ${wish}` };
}

/** What somebody is about to decide. */
function useAsked() {
  const [asked, setAsked] = useState<{ readonly act: RowAct; readonly tasks: readonly Task[] }>();
  const act = useCallback(
    (what: RowAct, tasks: readonly Task[]) => setAsked({ act: what, tasks }),
    [],
  );
  const close = useCallback(() => setAsked(undefined), []);
  return { asked, act, close };
}

type AskedWhat = ReturnType<typeof useAsked>["asked"];

interface AskedProps {
  readonly asked: AskedWhat;
  readonly isWhole: boolean;
  readonly queue: string | undefined;
  readonly onClose: () => void;
}

function Asked({ asked, isWhole, queue, onClose }: AskedProps) {
  const [task] = asked?.tasks ?? [];
  if (asked === undefined || task === undefined) return null;
  if (asked.act === "retry") {
    const all = ["retry", "--queue", queue ?? "QUEUE", "--all"];
    const command = isWhole || asked.tasks.length === 1 ? undefined : taskLine(...all);
    return <RetryDialog command={command} onClose={onClose} tasks={asked.tasks} />;
  }
  return <CancelDialog onClose={onClose} task={task} />;
}

function FilterLine(props: {
  counts: readonly Queue[];
  dead: number;
  /** Whether those are all of them. */
  isWhole: boolean;
  refusal: string | undefined;
  onRetry: () => void;
}) {
  const { counts, dead, isWhole, refusal, onRetry } = props;
  const [{ states, words }, change] = useTaskView();
  const find = (q: string) => {
    const { taskId } = listWishIn(q);
    // A whole id is a task: whoever has one wants to see it.
    change(taskId === undefined ? { q: q || undefined } : { task: taskId, q: undefined }, true);
  };
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-5 py-2">
      <div className="scrolls max-w-full *:min-w-max">
        <Segments
          label="Which tasks"
          onChange={(state) => change({ state: state || undefined }, true)}
          options={stateChoices.map(({ word, title }) => ({
            value: word,
            word: withCount(title, word, counts),
          }))}
          value={states.word}
        />
      </div>
      <div className="ml-auto flex items-center gap-3 max-sm:w-full max-sm:flex-wrap">
        {states.word === "failed" && dead > 0 && (
          <Button icon="again" onClick={onRetry} small {...(refusal !== undefined && { refusal })}>
            Retry {isWhole ? countOf(dead, "dead letter") : `the newest ${countText(dead)}`} …
          </Button>
        )}
        <SearchBox label="Kind, label=value, id" onChange={find} value={words} />
      </div>
    </div>
  );
}

/** "Ready 12", where the hub counts them. */
function withCount(title: string, word: string, counts: readonly Queue[]): string {
  const count = counts.reduce((sum, queue) => sum + (countIn(queue, word) ?? 0n), 0n);
  return count > 0n ? `${title} ${shortCount(count)}` : title;
}

function countIn(queue: Queue, word: string): bigint | undefined {
  const { ready, working, scheduled, blocked, failed } = queue;
  const known: Readonly<Record<string, bigint>> = {
    ready,
    working,
    delayed: scheduled,
    blocked,
    failed,
  };
  return known[word];
}
