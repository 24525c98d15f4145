import { useInfiniteQuery } from "@connectrpc/connect-query";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { keepPreviousData } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { Badge, Tag } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Name } from "../../parts/name.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type RoomColumn, useRoom } from "../../parts/room.ts";
import { useRows } from "../../parts/rows.tsx";
import { Cells, Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { useAgain } from "./use-again.ts";
import { workLine } from "./as-cli.ts";
import { HolderLink, QueueLink, TaskLink } from "./task-link.tsx";
import { useTaskView } from "./view.ts";

const all: readonly RoomColumn[] = [
  { key: "name", title: "Worker", fromPx: 0 },
  { key: "node", title: "Node", fromPx: 640 },
  { key: "queue", title: "Queue", fromPx: 0 },
  { key: "offers", title: "Offers", fromPx: 860 },
  { key: "holds", title: "Holds", width: 11, fromPx: 0 },
  { key: "done", title: "Done", right: true, width: 6, fromPx: 980 },
  { key: "failed", title: "Failed", right: true, width: 6, fromPx: 520 },
  { key: "since", title: "Connected", width: 7, fromPx: 1060 },
  { key: "seen", title: "Heard", width: 7, fromPx: 620 },
];
const pageSize = 200;
const againMs = 1_000;
/** Whoever only gives signs of life changes no queue. */
const seenMs = 5_000;

/** Who works, and what they hold. */
export function WorkersTab({ told }: { told: unknown }) {
  const [{ queue, words }, change] = useTaskView();
  const list = useInfiniteQuery(
    WorkService.method.listWorkers,
    { page: { size: pageSize, token: "" }, queue: queue ?? "" },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
      refetchInterval: seenMs,
      placeholderData: keepPreviousData,
    },
  );
  useAgain(againMs, told, () => void list.refetch());
  const known = list.data?.pages.flatMap(({ workers }) => workers) ?? [];
  const found = known.filter((status) => isCalled(status, words));
  const { rows, more } = useRows(found);
  const frame = useRef<HTMLDivElement>(null);
  const columns = useRoom(all, frame);
  return (
    <div className="scrolls min-h-0 flex-1 bg-surface" ref={frame}>
      {queue !== undefined && (
        <p className="flex flex-wrap items-center gap-3 border-b border-line px-5 py-2 text-sm text-muted">
          <span>
            Only those of <span className="font-medium text-ink">{clip(queue, 63)}</span>
          </span>
          <Button onClick={() => change({ queue: undefined }, true)} small>
            Show all workers
          </Button>
        </p>
      )}
      <Paged label="Asking who works" list={list} shown={known.length}>
        {found.length === 0 ? (
          <NoWorkers isSearch={known.length > 0} />
        ) : (
          <Table caption="Workers by queue" columns={columns}>
            {rows.map((status) => (
              <WorkerRow columns={columns} key={keyOf(status)} status={status} />
            ))}
          </Table>
        )}
        {more}
      </Paged>
    </div>
  );
}

function keyOf({ nodeId, worker }: WorkerStatus): string {
  return `${nodeId} ${worker?.queue} ${worker?.name}`;
}

function isCalled({ nodeName, nodeId, worker }: WorkerStatus, words: string): boolean {
  const offers = [...(worker?.capabilities ?? []), ...(worker?.models ?? [])];
  const text = [worker?.name, worker?.queue, nodeName, nodeId, ...offers].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}

interface WorkerRowProps {
  readonly status: WorkerStatus;
  readonly columns: readonly RoomColumn[];
}

function WorkerRow({ status, columns }: WorkerRowProps) {
  return (
    <tr className="hover:bg-sunken">
      <Cells columns={columns}>{(key) => cellOf(key, status)}</Cells>
    </tr>
  );
}

function cellOf(column: string, status: WorkerStatus): ReactNode {
  const { worker, nodeId, since, lastSeenTime, completed, failed } = status;
  switch (column) {
    case "name":
      return <Title status={status} />;
    case "node":
      return <HolderLink nodeId={nodeId} />;
    case "queue":
      return (
        <span className="block max-w-44 max-sm:max-w-24">
          <QueueLink name={worker?.queue ?? ""} />
        </span>
      );
    case "offers":
      return <Offers status={status} />;
    case "holds":
      return <Holds status={status} />;
    case "done":
      return countText(completed);
    case "failed":
      return (
        <span className={failed > 0n ? "text-offline" : "text-muted"}>{countText(failed)}</span>
      );
    default:
      return <Ago at={column === "since" ? since : lastSeenTime} />;
  }
}

function Title({ status: { worker, draining } }: { status: WorkerStatus }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Name className="max-w-48 font-medium max-sm:max-w-28" text={worker?.name ?? ""} />
      {draining && (
        <Badge icon="pause" tone="maintenance">
          Draining
        </Badge>
      )}
    </span>
  );
}

const offersMax = 6;

/** What it can do and what it says of itself; its kinds, where it does not do all. */
function Offers({ status: { worker } }: { status: WorkerStatus }) {
  const labels = Object.entries(worker?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const kinds = (worker?.kinds ?? []).map((kind) => `kind ${kind}`);
  const all = [...kinds, ...(worker?.capabilities ?? []), ...(worker?.models ?? []), ...labels];
  if (all.length === 0) return <span className="text-xs text-muted">all kinds</span>;
  return (
    <span className="flex max-w-80 flex-wrap gap-1">
      {all.slice(0, offersMax).map((word) => (
        <Tag key={word}>{word}</Tag>
      ))}
      {all.length > offersMax && (
        <span className="text-2xs text-muted" title={all.slice(offersMax).join(", ").slice(0, 400)}>
          and {all.length - offersMax} more
        </span>
      )}
    </span>
  );
}

const holdsMax = 3;

/** How full it is, and with what. */
function Holds({ status: { worker, holds } }: { status: WorkerStatus }) {
  const most = worker?.concurrency ?? 0;
  return (
    <span className="flex flex-col gap-1 py-1">
      <span className="flex items-center gap-2">
        <Meter className="w-14 shrink-0" part={most === 0 ? undefined : holds.length / most} />
        <span className="figures text-xs text-muted">
          {countText(holds.length)} of {countText(most)}
        </span>
      </span>
      {holds.length > 0 && (
        <span className="flex flex-wrap gap-x-2">
          {holds.slice(0, holdsMax).map(({ taskId }) => (
            <TaskLink id={taskId} key={taskId} />
          ))}
          {holds.length > holdsMax && (
            <span className="text-2xs text-muted">and {holds.length - holdsMax} more</span>
          )}
        </span>
      )}
    </span>
  );
}

function NoWorkers({ isSearch }: { isSearch: boolean }) {
  const [{ queue }, change] = useTaskView();
  if (isSearch) {
    return (
      <Empty icon="search" title="No worker is called that">
        <Button onClick={() => change({ q: undefined }, true)}>Show all workers</Button>
      </Empty>
    );
  }
  return (
    <Empty command={workLine(queue ?? "work")} icon="maintenance" title="Nobody works here now">
      A worker is a node that serves a queue: it opens a stream by the SDK, from wherever it is, and
      tasks come over it. It appears here as soon as it is connected.
    </Empty>
  );
}
