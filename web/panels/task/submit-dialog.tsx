import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { hubNow } from "../../parts/hub-clock.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { useAct } from "./acts.ts";
import { emptyDraft, payloadProblem, specOf } from "./draft.ts";
import { TaskFields } from "./task-fields.tsx";
import { useTaskView } from "./view.ts";

/** Asks what is to be done, and leads to the task that comes of it. */
export function SubmitDialog({ onClose }: { onClose: () => void }) {
  const [{ queue = "" }, change] = useTaskView();
  const [draft, setDraft] = useState({ ...emptyDraft, queue });
  const submit = useAct(TaskService.method.submitTask, () => undefined);
  const problem = payloadProblem(draft.payload);
  const send = () =>
    submit.mutate(
      { requestId: submit.requestId, spec: specOf(draft, hubNow()) },
      {
        onSuccess: ({ task }) => {
          onClose();
          if (task !== undefined) change({ task: task.id });
        },
      },
    );
  return (
    <Dialog onClose={onClose} title="Submit a task">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === "") send();
        }}
      >
        <TaskFields draft={draft} onChange={setDraft} withDelay />
        {submit.error !== null && <TroubleNote error={submit.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={submit.isPending}
            icon="plus"
            tone="strong"
            type="submit"
            {...(problem !== "" && { refusal: problem })}
          >
            Submit the task
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
