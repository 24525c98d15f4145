import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  DeleteScheduleResponseSchema,
  ListSchedulesResponseSchema,
  QueueService,
  ScheduleSchema,
  SetScheduleResponseSchema,
  type Schedule,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { zoneOf } from "@foedus/kernel/task/zone.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { tellListing } from "../listing.ts";
import { allPages } from "../pages.ts";
import { dim, good, strong, warn, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { readPayload, type PayloadOptions } from "./payload.ts";
import { inOptions } from "./refused.ts";
import { specOf, type TermOptions } from "./spec.ts";
import { whenText } from "./words.ts";

/** When a task comes, beside what it is. */
export interface ScheduleOptions extends TermOptions, PayloadOptions {
  readonly cron: string;
  readonly zone: string;
  readonly skipIfRunning?: boolean;
  readonly catchUp?: number;
  readonly paused?: boolean;
}

/** What is submitted when. */
export interface Submitted {
  readonly name: string;
  readonly queue: string;
  readonly kind: string;
}

/** Makes a schedule, or puts another in its place. */
export async function setSchedule(
  context: CliContext,
  { name, queue, kind }: Submitted,
  options: ScheduleOptions,
): Promise<void> {
  const payload = await readPayload(context, options);
  const hub = await context.hub();
  const { cron, zone: timeZone, skipIfRunning = false, catchUp, paused = false } = options;
  const schedule = create(ScheduleSchema, {
    name,
    cron,
    timeZone,
    spec: await specOf(hub, { queue, kind, payload }, options),
    paused,
    skipIfRunning,
    ...(catchUp === undefined ? {} : { catchUp: durationFromMs(catchUp) }),
  });
  await save(context, hub, schedule);
}

/** Lets a schedule submit nothing, or go on. */
export async function pauseSchedule(
  context: CliContext,
  name: string,
  paused: boolean,
): Promise<void> {
  const hub = await context.hub();
  const found = (await schedulesOf(hub)).find((one) => one.name === name);
  if (found === undefined) throw new Fault(Reason.NOT_FOUND, { object: `schedule ${name}` });
  await save(context, hub, { ...found, paused });
}

async function save(context: CliContext, hub: HubClient, schedule: Schedule): Promise<void> {
  const { print } = context;
  const request = { requestId: context.newRequestId(), schedule };
  const set = () => hub.as(QueueService).setSchedule(request, hub.call);
  const answer = await inOptions("foedus task schedule set", set);
  await print.answer(SetScheduleResponseSchema, answer, () => {
    const { name, cron, timeZone, paused } = answer.schedule ?? schedule;
    if (paused) return print.line(strong(name), " is paused: it submits nothing.");
    print.line(strong(name), ` submits at "${cron}" of ${timeZone || "UTC"}; its next times:`);
    for (const time of answer.times) {
      const ms = timestampMs(time);
      const utc = timeZone === "" ? "" : `  ${utcText(ms).slice(0, 16)}Z`;
      print.line(`  ${localText(ms, timeZone)}${utc}  `, dim(agoText(ms, hub.nowMs())));
    }
  });
}

const minuteMs = 60_000;
const hourMinutes = 60;

/** As clocks of that zone show it, e.g. "2026-11-21 10:30 +01:00". */
function localText(ms: number, timeZone: string): string {
  const offsetMs = zoneOf(timeZone).offsetMs(ms);
  const minutes = Math.abs(Math.round(offsetMs / minuteMs));
  const two = (count: number) => String(count).padStart(2, "0");
  const sign = offsetMs < 0 ? "-" : "+";
  const offset = `${sign}${two(Math.floor(minutes / hourMinutes))}:${two(minutes % hourMinutes)}`;
  return `${utcText(ms + offsetMs)
    .slice(0, 16)
    .replace("T", " ")} ${offset}`;
}

/** Ends a schedule. */
export async function deleteSchedule(context: CliContext, name: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), name };
  const answer = await hub.as(QueueService).deleteSchedule(request, hub.call);
  await print.answer(DeleteScheduleResponseSchema, answer, () =>
    print.line(strong(name), " has ended. Tasks that it submitted go on."),
  );
}

async function schedulesOf(hub: HubClient): Promise<Schedule[]> {
  const client = hub.as(QueueService);
  return await allPages(
    (page) => client.listSchedules({ page }, hub.call),
    ({ schedules }) => schedules,
  );
}

const head = ["SCHEDULE", "CRON", "ZONE", "QUEUE", "KIND", "NEXT", "LAST", "SKIPPED", "STATE"];

/** Lists the schedules. */
export async function listSchedules(context: CliContext): Promise<void> {
  const hub = await context.hub();
  const schedules = await schedulesOf(hub);
  const nowMs = hub.nowMs();
  await tellListing(
    context.print,
    ListSchedulesResponseSchema,
    { schedules },
    {
      items: schedules,
      head,
      row: (one) => rowOf(one, nowMs),
      none: [
        "There is no schedule.",
        `Make one: npx foedus task schedule set nightly scans scan --cron "30 4 * * *"`,
      ],
    },
  );
}

function rowOf(schedule: Schedule, nowMs: number): Piece[] {
  const { name, cron, timeZone, spec, nextTime, lastTime, skipped, paused } = schedule;
  const { lastProblem } = schedule;
  const state = paused ? warn("paused") : good("on");
  return [
    strong(name),
    cron,
    timeZone || "UTC",
    spec?.queue ?? "",
    spec?.kind ?? "",
    nextTime === undefined ? dim("none") : agoText(timestampMs(nextTime), nowMs),
    whenText(lastTime, nowMs),
    skipped === 0n ? "0" : warn(String(skipped)),
    lastProblem === "" ? state : warn(lastProblem),
  ];
}
