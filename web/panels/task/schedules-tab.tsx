import { useInfiniteQuery } from "@connectrpc/connect-query";
import { QueueService, type Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { keepPreviousData } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type RoomColumn, useRoom } from "../../parts/room.ts";
import { useRows } from "../../parts/rows.tsx";
import { Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";
import { useAgain } from "./use-again.ts";
import { taskLine } from "./as-cli.ts";
import { DeleteScheduleDialog, PauseScheduleDialog } from "./schedule-acts.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";
import { type ScheduleAct, ScheduleRow } from "./schedule-row.tsx";
import { useTaskView } from "./view.ts";

const columns: readonly RoomColumn[] = [
  { key: "name", title: "Schedule", fromPx: 0 },
  { key: "cron", title: "When", fromPx: 460 },
  { key: "what", title: "What it submits", fromPx: 620 },
  { key: "next", title: "Next", width: 7, fromPx: 0 },
  { key: "last", title: "Last", width: 12, fromPx: 880 },
  { key: "skipped", title: "Skipped", right: true, width: 5, fromPx: 980 },
  { key: "actions", title: "", right: true, fromPx: 0 },
];
const pageSize = 200;
const againMs = 5_000;
const toldMs = 1_000;

interface Asking {
  readonly act: ScheduleAct | "new";
  readonly schedule: Schedule | undefined;
}

/** What is submitted again and again, and when. */
export function SchedulesTab({ told }: { told: unknown }) {
  const [{ words }] = useTaskView();
  const may = useMay(QueueService.method.setSchedule);
  const [asking, setAsking] = useState<Asking>();
  const { list, all } = useSchedules(told);
  const found = all.filter(({ name, spec }) =>
    `${name} ${spec?.queue} ${spec?.kind}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const { rows, more } = useRows(found);
  const frame = useRef<HTMLDivElement>(null);
  const shown = useRoom(columns, frame);
  const refusal = may.allowed ? {} : { refusal: may.why };
  return (
    <div className="scrolls min-h-0 flex-1 bg-surface" ref={frame}>
      <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-5 py-2">
        <p className="text-sm text-muted">
          Each submits a task at its times, in the zone it names, in the name of who made it.
        </p>
        <Button
          icon="plus"
          onClick={() => setAsking({ act: "new", schedule: undefined })}
          {...refusal}
        >
          New schedule
        </Button>
      </div>
      <Paged label="Asking for the schedules" list={list} shown={all.length}>
        {found.length === 0 ? (
          <NoSchedules isSearch={all.length > 0} />
        ) : (
          <Table caption="Schedules by name" columns={shown}>
            {rows.map((schedule) => (
              <ScheduleRow
                columns={shown}
                key={schedule.id}
                onAct={(act) => setAsking({ act, schedule })}
                schedule={schedule}
                {...refusal}
              />
            ))}
          </Table>
        )}
        {more}
      </Paged>
      {asking !== undefined && <Asked asking={asking} onClose={() => setAsking(undefined)} />}
    </div>
  );
}

function useSchedules(told: unknown) {
  const list = useInfiniteQuery(
    QueueService.method.listSchedules,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
      refetchInterval: againMs,
      placeholderData: keepPreviousData,
    },
  );
  useAgain(toldMs, told, () => void list.refetch());
  return { list, all: list.data?.pages.flatMap(({ schedules }) => schedules) ?? [] };
}

function Asked({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { act, schedule } = asking;
  if (act === "new" || schedule === undefined) return <ScheduleDialog onClose={onClose} />;
  if (act === "change") return <ScheduleDialog before={schedule} onClose={onClose} />;
  if (act === "delete") return <DeleteScheduleDialog onClose={onClose} schedule={schedule} />;
  return <PauseScheduleDialog onClose={onClose} schedule={schedule} />;
}

const example = taskLine("schedule", "set", "nightly", "work", "hello", "--cron", "30 2 * * *");

function NoSchedules({ isSearch }: { isSearch: boolean }) {
  const [, change] = useTaskView();
  if (isSearch) {
    return (
      <Empty icon="search" title="No schedule is called that">
        <Button onClick={() => change({ q: undefined }, true)}>Show all schedules</Button>
      </Empty>
    );
  }
  return (
    <Empty command={example} icon="wait" title="Nothing comes back by itself yet">
      A schedule is a line of cron in a time zone, and the task that it submits: every night, every
      Monday, each first of a month. Make one with New schedule, or by a command:
    </Empty>
  );
}
