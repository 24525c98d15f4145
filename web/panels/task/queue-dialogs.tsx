import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Queue,
  QueueService,
  QueueSettingsSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { type ReactNode, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Command } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { TextArea } from "../../parts/text-area.tsx";
import { useAct } from "./acts.ts";
import { taskLine } from "./as-cli.ts";
import { parentUses, type ParentWord, parentWordOf } from "./parent-use.ts";
import { weightsIn, weightsText } from "./share.ts";

/** What an admin can ask of a queue. */
export type QueueAsk = "pause" | "resume" | "rate" | "weights" | "parent";

interface AskProps {
  readonly queue: Queue;
  readonly onClose: () => void;
}

/** The dialog that asks it. */
export function QueueDialog({ ask, ...props }: AskProps & { ask: QueueAsk }) {
  switch (ask) {
    case "pause":
      return <PauseDialog {...props} />;
    case "resume":
      return <ResumeDialog {...props} />;
    case "rate":
      return <RateDialog {...props} />;
    case "parent":
      return <ParentDialog {...props} />;
    default:
      return <WeightsDialog {...props} />;
  }
}

const reasonMax = 200;

function PauseDialog({ queue, onClose }: AskProps) {
  const [pauseReason, setReason] = useState("");
  return (
    <Form
      {...{ queue, onClose }}
      fields={["paused", "pause_reason"]}
      icon="pause"
      leave="Leave it running"
      settings={{ paused: true, pauseReason }}
      title={`Pause ${queue.name}`}
      verb="Pause the queue"
    >
      <p className="text-sm text-muted">
        Nothing more is claimed from it. Submitting goes on, and so does what workers hold already.
      </p>
      <TextField
        hint="Shown to everybody whose task waits here."
        label="Why"
        lengthMax={reasonMax}
        onChange={setReason}
        required
        value={pauseReason}
      />
    </Form>
  );
}

function ResumeDialog({ queue, onClose }: AskProps) {
  const ready = queue.ready.toLocaleString("en-US");
  return (
    <Form
      {...{ queue, onClose }}
      fields={["paused"]}
      icon="play"
      leave="Leave it paused"
      settings={{ paused: false }}
      title={`Resume ${queue.name}`}
      verb="Resume the queue"
    >
      <p className="text-sm text-muted">
        Its workers take from it again at once: {ready}{" "}
        {queue.ready === 1n ? "task is" : "tasks are"} ready.
      </p>
    </Form>
  );
}

function RateDialog({ queue, onClose }: AskProps) {
  const rate = queue.settings?.rate;
  const [perMinute, setPerMinute] = useState(String(rate?.perMinute ?? 0));
  const [burst, setBurst] = useState(String(rate?.burst ?? 0));
  return (
    <Form
      {...{ queue, onClose }}
      fields={["rate"]}
      leave="Leave it"
      settings={{ rate: { perMinute: Number(perMinute), burst: Number(burst) } }}
      title={`Rate of ${queue.name}`}
      verb="Set the rate"
    >
      <p className="text-sm text-muted">
        So many tasks are given out a minute, over all its workers. What they hold already goes on.
      </p>
      <div className="grid grid-cols-2 gap-4">
        <TextField
          hint="0 for no limit."
          label="Tasks a minute"
          onChange={setPerMinute}
          pattern="\d{1,9}"
          required
          value={perMinute}
        />
        <TextField
          hint="0 for a second's worth."
          label="At once after a pause"
          onChange={setBurst}
          pattern="\d{1,9}"
          required
          value={burst}
        />
      </div>
    </Form>
  );
}

const weightRows = 8;

function WeightsDialog({ queue, onClose }: AskProps) {
  const [text, setText] = useState(() => weightsText(queue.settings?.weights ?? {}));
  const read = weightsIn(text);
  const problem = "problem" in read ? read.problem : "";
  return (
    <Form
      {...{ queue, onClose }}
      fields={["weights"]}
      leave="Leave them"
      settings={{ weights: "weights" in read ? { ...read.weights } : {} }}
      title={`Weights of ${queue.name}`}
      verb="Set the weights"
      {...(problem !== "" && { refusal: problem })}
    >
      <p className="text-sm text-muted">
        A fairness key with weight 3 gets three turns where one with weight 1 gets one. A key that
        is not named weighs 1.
      </p>
      <TextArea
        hint={problem}
        label="One key=weight a line"
        onChange={setText}
        rows={weightRows}
        value={text}
      />
    </Form>
  );
}

const parentWords: readonly ParentWord[] = ["off", "works-for", "hands-up", "both"];

function ParentDialog({ queue, onClose }: AskProps) {
  const [word, setWord] = useState(() => parentWordOf(queue.settings?.parent));
  const { use, text } = parentUses[word];
  return (
    <Form
      {...{ queue, onClose }}
      fields={["parent"]}
      icon="hub"
      leave="Leave it"
      settings={{ parent: use }}
      title={`${queue.name} and the parent`}
      verb="Set the parent's part"
    >
      <p className="text-sm text-muted">
        The hub above this one may have a queue of the same name. Its own order and limits count
        there.
      </p>
      <Segments
        label="What the queue has to do with the parent's"
        onChange={setWord}
        options={parentWords.map((each) => ({ value: each, word: parentUses[each].choice }))}
        value={word}
      />
      <p aria-live="polite" className="text-sm">
        {text}
      </p>
      <Command text={taskLine("parent", queue.name, word)} />
    </Form>
  );
}

function Form(
  props: AskProps & {
    title: string;
    verb: string;
    leave: string;
    icon?: "pause" | "play" | "hub";
    settings: Exclude<MessageInitShape<typeof QueueSettingsSchema>, { $typeName: string }>;
    fields: readonly string[];
    refusal?: string;
    children: ReactNode;
  },
) {
  const { queue, onClose, settings, fields, refusal } = props;
  const set = useAct(QueueService.method.setQueue, onClose);
  return (
    <Dialog onClose={onClose} title={props.title}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (refusal !== undefined) return;
          set.mutate({
            requestId: set.requestId,
            queue: queue.name,
            settings: create(QueueSettingsSchema, settings),
            fields: [...fields],
          });
        }}
      >
        {props.children}
        {set.error !== null && <TroubleNote error={set.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{props.leave}</Button>
          <Button
            busy={set.isPending}
            tone="strong"
            type="submit"
            {...(props.icon && { icon: props.icon })}
            {...(refusal !== undefined && { refusal })}
          >
            {props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
