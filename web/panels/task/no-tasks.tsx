import { Button } from "../../parts/button.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Empty } from "../../parts/note.tsx";
import { taskLine } from "./as-cli.ts";
import { useTaskView } from "./view.ts";

/** Where few are like that the hub looks through many: what is older is looked at when asked for. */
export function NoneYet({ isLooking, onMore }: { isLooking: boolean; onMore: () => void }) {
  if (isLooking) return <Loading label="Looking through the tasks" lines={8} table />;
  return (
    <Empty icon="search" title="None of the newest tasks is like that">
      <p>Older ones have not been looked at yet.</p>
      <div className="mt-4">
        <Button onClick={onMore}>Look further</Button>
      </div>
    </Empty>
  );
}

/** Nothing is listed: why, and how that changes. */
export function NoTasks({ queue }: { queue: string | undefined }) {
  const [{ states, words }, change] = useTaskView();
  if (words !== "") {
    return (
      <Empty icon="search" title="No task is like that">
        <p>
          A kind is found by its whole name, e.g. <code className="font-mono">scan.pdf</code>, a
          label by <code className="font-mono">name=value</code>, a task by its id.
        </p>
        <div className="mt-4">
          <Button onClick={() => change({ q: undefined }, true)}>Show all of them</Button>
        </div>
      </Empty>
    );
  }
  if (states.word === "failed") {
    return (
      <Empty icon="check" title="No dead letters">
        A task that failed for good lies here with its reason until somebody retries it: after its
        last attempt, or at once when its worker says that another one is of no use.
      </Empty>
    );
  }
  if (states.word !== "") {
    return (
      <Empty
        icon="check"
        title={states.word === "ended" ? "None has ended yet" : `None is ${states.word} now`}
      >
        Tasks appear here by themselves as they come to stand so.
      </Empty>
    );
  }
  return (
    <Empty command={taskLine("submit", queue ?? "work", "hello")} icon="task" title="No tasks yet">
      Whoever submits one finds it here, with everything that happens to it.
    </Empty>
  );
}
