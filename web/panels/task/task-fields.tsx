import { SelectField, TextField } from "../../parts/field.tsx";
import { TextArea } from "../../parts/text-area.tsx";
import { payloadProblem, priorities, queuePattern, type TaskDraft } from "./draft.ts";

const priorityOptions = priorities.map((value) => ({
  value,
  word: value === "10" ? "10, the most urgent" : value === "5" ? "5, as usual" : value,
}));
const payloadRows = 5;
const kindMax = 120;
const keyMax = 64;

/** What is to be done, in which queue, and how urgently. */
export function TaskFields(props: {
  draft: TaskDraft;
  onChange: (draft: TaskDraft) => void;
  /** A schedule has times of its own. */
  withDelay: boolean;
}) {
  const { draft, onChange, withDelay } = props;
  const set = (change: Partial<TaskDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <div className="grid grid-cols-2 gap-4">
        <TextField
          hint="A new name makes a new queue."
          label="Queue"
          lengthMax={63}
          onChange={(queue) => set({ queue })}
          pattern={queuePattern}
          required
          value={draft.queue}
        />
        <TextField
          hint="What workers choose by."
          label="Kind"
          lengthMax={kindMax}
          onChange={(kind) => set({ kind })}
          required
          value={draft.kind}
        />
      </div>
      <TextArea
        hint={payloadProblem(draft.payload)}
        label="Payload as JSON (if it needs one)"
        onChange={(payload) => set({ payload })}
        rows={payloadRows}
        value={draft.payload}
      />
      <div className={`grid gap-4 ${withDelay ? "grid-cols-3" : "grid-cols-2"}`}>
        <SelectField
          label="Priority"
          onChange={(priority) => set({ priority })}
          options={priorityOptions}
          value={draft.priority}
        />
        {withDelay && (
          <TextField
            label="Not before, in seconds"
            lengthMax={8}
            onChange={(delay) => set({ delay })}
            pattern="\d*"
            value={draft.delay}
          />
        )}
        <TextField
          label="Fairness key"
          lengthMax={keyMax}
          onChange={(fairnessKey) => set({ fairnessKey })}
          value={draft.fairnessKey}
        />
      </div>
    </>
  );
}
