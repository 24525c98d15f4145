import { durationMs } from "@bufbuild/protobuf/wkt";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { clip } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { spanText } from "../../parts/span.ts";
import { useAct } from "./acts.ts";

const reasonMax = 500;

/** Says what calling off does, and asks why. */
export function CancelDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const cancel = useAct(TaskService.method.cancelTask, onClose);
  return (
    <Dialog onClose={onClose} title="Cancel the task">
      <form
        className="flex flex-col gap-4 text-left text-sm not-italic"
        onSubmit={(event) => {
          event.preventDefault();
          cancel.mutate({ requestId: cancel.requestId, taskId: task.id, reason });
        }}
      >
        <div>
          <Name className="font-medium" text={task.spec?.kind ?? ""} />
          <code className="font-mono text-xs text-muted">{task.id}</code>
        </div>
        <p className="text-muted">
          {task.state === TaskState.WORKING
            ? heldText(task)
            : "Nobody holds it: it ends at once. Its parts, and tasks that wait for it, are called off too."}
        </p>
        <TextField
          hint="Kept with the task, and told to its worker."
          label="Why (if you like)"
          lengthMax={reasonMax}
          onChange={setReason}
          value={reason}
        />
        {cancel.error !== null && <TroubleNote error={cancel.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={cancel.isPending} icon="block" tone="danger" type="submit">
            Cancel the task
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** When whoever holds it hears, and what may come of it until then. */
function heldText({ attempt, spec }: Task): string {
  const { heartbeat } = spec?.timeouts ?? {};
  const within = heartbeat === undefined ? "" : `, within ${spanText(durationMs(heartbeat))}`;
  const who = attempt?.worker ? `Worker ${clip(attempt.worker, 64)}` : "A worker";
  return (
    `${who} holds it, and is told to stop: at once while it is connected, else with its next ` +
    `sign of life${within}. Without one, the hub takes the task back and ends it. If it is done ` +
    "before it stops, it is completed all the same."
  );
}
