import { SelectField, TextField } from "../../parts/field.tsx";
import { TextArea } from "../../parts/text-area.tsx";
import { payloadProblem, priorities, queuePattern, type TaskDraft } from "./draft.ts";

const priorityOptions = priorities.map((value) => ({
  value,
  word: value === "10" ? "10, the most urgent" : value === "5" ? "5, as usual" : value,
}));
const payloadRows = 5;
const queueMax = 63;
const kindMax = 120;
const delayMax = 8;
const keyMax = 64;

interface TaskFieldsProps {
  readonly draft: TaskDraft;
  readonly onChange: (draft: TaskDraft) => void;
  /** A schedule has times of its own. */
  readonly withDelay: boolean;
}

/** What is to be done, in which queue, and how urgently. */
export function TaskFields(props: TaskFieldsProps) {
  const { draft, onChange } = props;
  const set = (change: Partial<TaskDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <div className="grid grid-cols-2 gap-4">
        <TextField
          hint="A new name makes a new queue."
          label="Queue"
          lengthMax={queueMax}
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
      <TurnFields {...props} />
    </>
  );
}

/** When its turn comes, and with whom it shares the queue. */
function TurnFields({ draft, onChange, withDelay }: TaskFieldsProps) {
  const set = (change: Partial<TaskDraft>) => onChange({ ...draft, ...change });
  return (
    <div className={`grid gap-4 ${withDelay ? "grid-cols-3 max-sm:grid-cols-2" : "grid-cols-2"}`}>
      <SelectField
        label="Priority"
        onChange={(priority) => set({ priority })}
        options={priorityOptions}
        value={draft.priority}
      />
      {withDelay && (
        <TextField
          label="Not before, in seconds"
          lengthMax={delayMax}
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
  );
}
