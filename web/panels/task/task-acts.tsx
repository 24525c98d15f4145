import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { useMay } from "../../shell/session.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { hasEnded } from "./state.ts";

/** What can be done about one task: whatever cannot says why. */
export function TaskActs({ task }: { task: Task }) {
  const [asking, setAsking] = useState<"cancel" | "retry">();
  const may = useMay(TaskService.method.cancelTask);
  const close = () => setAsking(undefined);
  const why = may.allowed ? cancelRefusal(task) : may.why;
  if (hasEnded(task.state) && task.state !== TaskState.FAILED) return null;
  return (
    <div className="flex items-center gap-2">
      {task.state === TaskState.FAILED ? (
        <Button
          icon="again"
          onClick={() => setAsking("retry")}
          tone="strong"
          {...(!may.allowed && { refusal: may.why })}
        >
          Retry
        </Button>
      ) : (
        <Button
          icon="block"
          onClick={() => setAsking("cancel")}
          {...(why !== undefined && { refusal: why })}
        >
          Cancel
        </Button>
      )}
      {asking === "cancel" && <CancelDialog onClose={close} task={task} />}
      {asking === "retry" && <RetryDialog onClose={close} tasks={[task]} />}
    </div>
  );
}

function cancelRefusal({ cancellation }: Task): string | undefined {
  return cancellation === undefined ? undefined : "It was called off; its worker is told to stop.";
}
