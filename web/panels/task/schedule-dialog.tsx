import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  QueueService,
  type Schedule,
  ScheduleSchema,
  type SetScheduleResponse,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { ownZone } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago, At } from "../../parts/time.tsx";
import { useAct } from "./acts.ts";
import { emptyDraft, payloadProblem, queuePattern, specOf, type TaskDraft } from "./draft.ts";
import { TaskFields } from "./task-fields.tsx";

interface ScheduleDialogProps {
  readonly before?: Schedule;
  readonly onClose: () => void;
}

/** Asks when and what, and then shows the times that come of it. */
export function ScheduleDialog({ before, onClose }: ScheduleDialogProps) {
  const set = useAct(QueueService.method.setSchedule, () => undefined);
  return (
    <Dialog onClose={onClose} title={before ? `Change ${before.name}` : "New schedule"}>
      {set.data === undefined ? (
        <Form before={before} onClose={onClose} set={set} />
      ) : (
        <Times onClose={onClose} set={set.data} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly before: Schedule | undefined;
  readonly onClose: () => void;
  readonly set: ReturnType<typeof useAct<typeof QueueService.method.setSchedule>>;
}

function Form({ before, onClose, set }: FormProps) {
  const [name, setName] = useState(before?.name ?? "");
  const [cron, setCron] = useState(before?.cron ?? "");
  const [timeZone, setZone] = useState(before?.timeZone ?? ownZone());
  const [skipIfRunning, setSkip] = useState(before?.skipIfRunning ?? false);
  const [draft, setDraft] = useState(() => draftOf(before));
  const isUntouched = before?.spec !== undefined && textOf(before.spec) === draft.payload;
  const problem = isUntouched ? "" : payloadProblem(draft.payload);
  const send = () => {
    const spec = specWith(before?.spec, draft);
    const wanted = { ...(before ?? create(ScheduleSchema)), name, cron, timeZone, skipIfRunning };
    set.mutate({ requestId: set.requestId, schedule: { ...wanted, spec } });
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === "") send();
      }}
    >
      {before === undefined && (
        <TextField
          hint="Lower-case letters, digits and dashes."
          label="Name"
          lengthMax={63}
          onChange={setName}
          pattern={queuePattern}
          required
          value={name}
        />
      )}
      <WhenFields {...{ cron, timeZone }} onCron={setCron} onZone={setZone} />
      <TaskFields draft={draft} onChange={setDraft} withDelay={false} />
      <CheckField
        checked={skipIfRunning}
        hint="Its turn is counted as skipped."
        label="Skip a time while the last task goes on"
        onChange={setSkip}
      />
      {set.error !== null && <TroubleNote error={set.error} />}
      <Foot {...{ onClose, problem, set }} verb={before ? "Change it" : "Make the schedule"} />
    </form>
  );
}

function Foot(props: Omit<FormProps, "before"> & { problem: string; verb: string }) {
  const { problem, set } = props;
  return (
    <div className="flex justify-end gap-2">
      <Button onClick={props.onClose}>Leave it</Button>
      <Button
        busy={set.isPending}
        tone="strong"
        type="submit"
        {...(problem !== "" && { refusal: problem })}
      >
        {props.verb}
      </Button>
    </div>
  );
}

/** Its times, as cron and the zone of the clock that they are meant by. */
function WhenFields(props: {
  cron: string;
  timeZone: string;
  onCron: (cron: string) => void;
  onZone: (timeZone: string) => void;
}) {
  return (
    <div className="grid grid-cols-2 gap-4">
      <TextField
        hint="Minute, hour, day, month, weekday."
        label="Cron"
        lengthMax={256}
        onChange={props.onCron}
        required
        value={props.cron}
      />
      <TextField
        hint="Empty for UTC."
        label="Time zone"
        lengthMax={64}
        onChange={props.onZone}
        value={props.timeZone}
      />
    </div>
  );
}

/** What the form does not ask for stays as it was; so do bytes that nobody touched. */
function specWith(before: TaskSpec | undefined, draft: TaskDraft): TaskSpec {
  const next = specOf(draft, 0);
  if (before === undefined) return next;
  const { queue, kind, priority, fairnessKey } = next;
  const isSame = textOf(before) === draft.payload;
  const payload = isSame ? before.payload : next.payload;
  return { ...before, queue, kind, priority, fairnessKey, payload };
}

function textOf({ payload }: TaskSpec): string {
  return new TextDecoder().decode(payload?.body);
}

function draftOf(before: Schedule | undefined): TaskDraft {
  const { spec } = before ?? {};
  if (spec === undefined) return emptyDraft;
  const { queue, kind, priority, fairnessKey } = spec;
  return {
    queue,
    kind,
    fairnessKey,
    delay: "",
    priority: String(priority === 0 ? emptyDraft.priority : priority),
    payload: textOf(spec),
  };
}

/** What the schedule came to, before anybody relies on it. */
function Times({ set, onClose }: { set: SetScheduleResponse; onClose: () => void }) {
  const { schedule, times } = set;
  const ref = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone: the keyboard goes on here.
  useEffect(() => ref.current?.focus(), []);
  return (
    <div className="flex flex-col gap-4 text-sm outline-none" ref={ref} tabIndex={-1}>
      <p role="status">
        <span className="font-medium">{schedule?.name}</span> is set
        {schedule?.paused ? ", and paused" : ""}.
      </p>
      <Section title="Its next five times">
        <ol className="divide-y divide-line">
          {times.map((time) => (
            <li className="flex h-9 items-center justify-between gap-3" key={timestampMs(time)}>
              <At at={time} />
              <span className="text-xs text-muted">
                <Ago at={time} />
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <div className="flex justify-end">
        <Button onClick={onClose} tone="strong">
          Done
        </Button>
      </div>
    </div>
  );
}
