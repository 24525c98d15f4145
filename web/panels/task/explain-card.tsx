import { useQuery } from "@connectrpc/connect-query";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Candidate, ExplainTaskResponse } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { keepPreviousData } from "@tanstack/react-query";
import { useRef } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { withLocalTimes } from "../../parts/clock.ts";
import { Command, CopyButton } from "../../parts/copy.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { Words } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { type RoomColumn, useRoom } from "../../parts/room.ts";
import { spanText } from "../../parts/span.ts";
import { Cell, Table } from "../../parts/table.tsx";
import { Since } from "../../parts/time.tsx";
import { Waiting, type WaitShape } from "../../parts/waiting.tsx";
import { useAgain } from "./use-again.ts";
import { taskLine, typed } from "./as-cli.ts";
import { hasEnded, stateLook } from "./state.ts";
import { HolderLink, useNodeWords } from "./task-link.tsx";

/** The tasks before it go on without it. */
const waitingMs = 2_000;
const changedMs = 400;

/** Why a task stands as it does: what it waits for, who can end that, and who could take it. */
export function ExplainCard({ task }: { task: Task }) {
  const { id, revision, state } = task;
  const answer = useQuery(
    TaskService.method.explainTask,
    { taskId: id },
    {
      placeholderData: keepPreviousData,
      refetchInterval: hasEnded(state) || state === TaskState.WORKING ? false : waitingMs,
    },
  );
  useAgain(changedMs, revision, () => void answer.refetch());
  return (
    <Card
      aside={<CopyButton label="Copy command" text={taskLine("explain", id)} />}
      title={hasEnded(state) ? "How it ended" : "Why it is where it is"}
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && answer.error === null && (
        <Loading label="Asking why it stands so" lines={3} />
      )}
      {answer.data && <Explained explained={answer.data} state={state} />}
    </Card>
  );
}

function Explained({ explained, state }: { explained: ExplainTaskResponse; state: TaskState }) {
  const { summary, waits, candidates } = explained;
  const { text } = toneOf(state);
  const named = useNodeWords();
  const told = (words: string) => named(withLocalTimes(words));
  // What the sentence says already need not be said twice.
  const said = waits.find(({ waitingFor }) => summary.includes(waitingFor.replace(above, "")));
  const others = waits.filter((wait) => wait !== said);
  return (
    <>
      <div className="flex flex-col gap-4 p-5">
        <div>
          <div aria-live="polite" className={`text-base font-medium ${text}`}>
            <Words text={told(summary)} />
          </div>
          {said && <HowItEnds wait={{ ...said, command: typed(said.command) }} />}
        </div>
        {others.map((wait) => (
          <Waiting
            key={wait.waitingFor}
            plain
            wait={{ ...wait, waitingFor: told(wait.waitingFor), command: typed(wait.command) }}
          />
        ))}
        <Place explained={explained} />
      </div>
      {candidates.length > 0 && <Candidates candidates={candidates} />}
    </>
  );
}

/** Before what a task that was handed up waits for there, which its summary tells as well. */
const above = /^at the parent: /u;

/** Since when, and who can end it: of what the sentence above it waits for. */
function HowItEnds({ wait: { sinceMs, whoCanEndIt, command } }: { wait: WaitShape }) {
  return (
    <div className="mt-1 text-sm">
      <p className="text-muted">
        {sinceMs > 0n && (
          <>
            Since <Since at={sinceMs} />;{" "}
          </>
        )}
        {whoCanEndIt} can end it:
      </p>
      <div className="mt-2 max-w-xl">
        <Command text={command} />
      </div>
    </div>
  );
}

function toneOf(state: TaskState): { readonly text: string } {
  const { tone } = stateLook(state);
  return { text: tone === "offline" ? "text-offline" : "text-ink" };
}

/** Where it stands in line, and when its turn may come. */
function Place({
  explained: { before, beforeByPriority, expected },
}: {
  explained: ExplainTaskResponse;
}) {
  if (beforeByPriority === 0n && expected === undefined) return null;
  return (
    <p className="figures text-sm text-muted">
      {beforeByPriority > 0n &&
        `Of the ${countText(before)} before it, ${countText(beforeByPriority)} are more urgent. `}
      {expected !== undefined &&
        `At the pace of the last five minutes its turn comes in about ${spanText(durationMs(expected))}.`}
    </p>
  );
}

const all: readonly RoomColumn[] = [
  { key: "worker", title: "Worker", fromPx: 0 },
  { key: "node", title: "Node", fromPx: 480 },
  { key: "fits", title: "Could take it", fromPx: 0 },
  { key: "lacks", title: "What keeps it", fromPx: 0 },
];

function Candidates({ candidates }: { candidates: readonly Candidate[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const columns = useRoom(all, frame);
  const withNode = columns.length === all.length;
  return (
    <div className="border-t border-line" ref={frame}>
      <Table caption="Who could take it" columns={columns}>
        {candidates.map(({ nodeId, worker, fits, obstacles }) => (
          <tr key={`${nodeId} ${worker}`}>
            <Cell>
              <bdi className="font-medium">{worker || "none"}</bdi>
            </Cell>
            {withNode && (
              <Cell>
                <HolderLink nodeId={nodeId} />
              </Cell>
            )}
            <Cell>
              <Badge icon={fits ? "online" : "offline"} quiet tone={fits ? "online" : "offline"}>
                {fits ? "Yes" : "No"}
              </Badge>
            </Cell>
            <Cell>
              <span className="text-xs text-muted">
                {obstacles.length === 0 ? "nothing" : obstacles.map(withLocalTimes).join("; ")}
              </span>
            </Cell>
          </tr>
        ))}
      </Table>
    </div>
  );
}
