import type { Payload, Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { youAre } from "../../parts/may.ts";
import { bytesText } from "../../parts/measure.ts";
import { Closed } from "../../parts/note.tsx";
import { useSession } from "../../shell/session.tsx";
import { fileName, shownOf } from "./payload.ts";
import { hasEnded } from "./state.ts";

/** What it is to be done with, and what it came to. */
export function PayloadCards({ task }: { task: Task }) {
  const { person } = useSession();
  const role = person?.role ?? Role.UNSPECIFIED;
  if (role < Role.MEMBER) {
    return (
      <Card title="Payload and result">
        <Closed
          why={`Payloads and results are shown to members and admins; ${youAre(role)}: you see what waits and why, and may not submit, cancel or retry. Ask an admin.`}
        />
      </Card>
    );
  }
  const { spec, result, state } = task;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 @3xl:grid-cols-2">
      <PayloadCard
        none="It was submitted without a payload."
        payload={spec?.payload}
        taskId={task.id}
        title="Payload"
        what="payload"
      />
      <PayloadCard
        none={noResult(state)}
        payload={result}
        taskId={task.id}
        title="Result"
        what="result"
      />
    </div>
  );
}

function noResult(state: TaskState): string {
  if (state === TaskState.COMPLETED) return "It came to nothing that was kept.";
  return hasEnded(state) ? "None: it ended without one." : "None yet.";
}

function PayloadCard(props: {
  title: string;
  what: string;
  taskId: string;
  payload: Payload | undefined;
  none: string;
}) {
  const { title, what, taskId, payload, none } = props;
  if (payload === undefined || payload.body.length === 0) {
    return (
      <Card title={title}>
        <p className="p-5 text-sm text-muted">{none}</p>
      </Card>
    );
  }
  const { shape, text, isCut } = shownOf(payload);
  const { contentType, body } = payload;
  return (
    <Card
      aside={
        <span className="flex items-center gap-2">
          {shape !== "bytes" && !isCut && <CopyButton label="Copy" text={text} />}
          <Button onClick={() => save(fileName(taskId, what, contentType), body)} small>
            Save
          </Button>
        </span>
      }
      title={title}
    >
      {shape === "bytes" ? (
        <p className="p-5 text-sm text-muted">
          Not text this page can show: save it to look at it.
        </p>
      ) : (
        <pre
          aria-label={`${title} as ${shape === "json" ? "JSON" : "text"}`}
          className="scrolls max-h-96 px-5 py-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
          role="group"
          tabIndex={0}
        >
          <bdi dir="auto">{text}</bdi>
        </pre>
      )}
      <p className="figures border-t border-line px-5 py-2 text-2xs text-muted">
        {contentType.slice(0, 120) || "no media type"}, {bytesText(body.length)}
        {isCut && "; cut here, whole when saved"}
      </p>
    </Card>
  );
}

/** Hands bytes to the browser as a file; never as something it would open by itself. */
function save(name: string, body: Uint8Array): void {
  const bytes = new Uint8Array(body);
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
