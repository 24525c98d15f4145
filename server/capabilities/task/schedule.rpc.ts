import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  DeleteScheduleResponseSchema,
  ScheduleSchema,
  SetScheduleResponseSchema,
  type DeleteScheduleRequest,
  type ListSchedulesRequest,
  type QueueService,
  type Schedule,
  type SetScheduleRequest,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { timesAfter } from "@foedus/kernel/task/schedule.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { writeOf } from "../../runtime/write.ts";
import { thoseWhoMay } from "./owner.flow.ts";
import {
  dropSchedule,
  hasSchedules,
  listSchedules,
  lockSchedule,
  ownerOf,
  saveSchedule,
} from "./schedule.store.ts";

/** The methods about what comes back at set times. */
export type ScheduleHalf = Pick<
  ServiceImpl<typeof QueueService>,
  "setSchedule" | "deleteSchedule" | "listSchedules"
>;

/** What these methods need of the hub. */
type ScheduleHub = Pick<Hub, "calls" | "served" | "storage">;

const timesShown = 5;
/** Schedules of a tenant. */
export const schedulesMax = 1_000;

/** Sets, ends and lists schedules. */
export function scheduleRpc(hub: ScheduleHub): ScheduleHalf {
  const { storage } = hub;
  return {
    setSchedule: (request, context) => setSchedule(hub, request, context),
    deleteSchedule: (request, context) => deleteSchedule(storage, request, context),
    listSchedules: (request, context) => list(storage, callerOf(context), request),
  };
}

async function setSchedule(hub: ScheduleHub, request: SetScheduleRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  const { caller } = write;
  const { schedule: wanted } = request;
  if (wanted === undefined) throw new Error("validation let a missing schedule pass");
  const left = await ownerGone(hub, caller, wanted.name);
  return await decide(hub.storage, write, SetScheduleResponseSchema, async (tx) => {
    const found = await lockSchedule(tx, wanted.name);
    if (found !== undefined) demandOwner(caller, found);
    const isLeft = found !== undefined && found.owner === left;
    const known = isLeft ? { ...found, owner: caller.id } : found;
    if (found === undefined && (await hasSchedules(tx, schedulesMax))) throw tooMany();
    const times = timesAfter(wanted, tx.nowMs, timesShown);
    const schedule = scheduleOf(tx, wanted, known ?? fresh(tx, caller), times[0]);
    await saveSchedule(tx, tx.tenant, schedule);
    const shown = times.map((ms) => timestampFromMs(ms));
    const answer = create(SetScheduleResponseSchema, { schedule, times: shown });
    return { answer, facts: [], object: schedule.id };
  });
}

/** The owner of a schedule who may not submit any more: whoever sets it now takes their place. */
async function ownerGone(hub: ScheduleHub, { tenant, id }: Caller, name: string) {
  const owner = await ownerOf(hub.storage, tenant, name);
  if (owner === undefined || owner === id) return undefined;
  return (await thoseWhoMay(hub, tenant, [owner])).has(owner) ? undefined : owner;
}

function tooMany(): Fault {
  return new Fault(Reason.LIMIT_EXCEEDED, { what: "schedules of a tenant", limit: schedulesMax });
}

function fresh(tx: TenantTx, caller: Caller) {
  return create(ScheduleSchema, { id: newId("sched", tx.world), owner: caller.id });
}

/** What the caller says, and what is the hub's own. */
function scheduleOf(
  tx: TenantTx,
  wanted: Schedule,
  known: Schedule,
  nextMs: number | undefined,
): Schedule {
  const { id, owner, lastTime, lastTaskId, skipped } = known;
  // What it was paused for is over once it goes on.
  const lastProblem = known.paused && !wanted.paused ? "" : known.lastProblem;
  const spec = create(TaskSpecSchema, wanted.spec);
  // What no task can have is refused now, and not at night.
  completeSpec(spec, undefined, tx.nowMs);
  if (spec.parentId !== "" || spec.dependsOn.length > 0) {
    const detail = "a schedule's task has no parent and waits for no other";
    throw new Fault(Reason.TASK_SPEC_INVALID, { detail });
  }
  const own = { id, owner, lastTime, lastTaskId, skipped, lastProblem };
  const nextTime = nextMs === undefined || wanted.paused ? undefined : timestampFromMs(nextMs);
  return create(ScheduleSchema, { ...wanted, ...own, spec, nextTime });
}

/** Whoever made it changes and ends it, and admins. */
function demandOwner(caller: Caller, { owner, name }: Schedule): void {
  if (caller.role >= Role.ADMIN || caller.id === owner) return;
  throw new Fault(Reason.NOT_YOURS, { object: `schedule ${name}` });
}

async function deleteSchedule(
  storage: Storage,
  request: DeleteScheduleRequest,
  context: HandlerContext,
) {
  const write = writeOf(request, context);
  const { name } = request;
  return await decide(storage, write, DeleteScheduleResponseSchema, async (tx) => {
    const known = await lockSchedule(tx, name);
    if (known === undefined) throw new Fault(Reason.NOT_FOUND, { object: `schedule ${name}` });
    demandOwner(write.caller, known);
    await dropSchedule(tx, name);
    return { answer: create(DeleteScheduleResponseSchema), facts: [], object: known.id };
  });
}

async function list(storage: Storage, { tenant }: Caller, { page }: ListSchedulesRequest) {
  const { size, after } = pageWish(page, "schedules");
  const schedules = await listSchedules(storage, tenant, { after: after?.[0] ?? "", size });
  const last = schedules.length < size ? undefined : schedules.at(-1);
  const nextPageToken = last === undefined ? "" : pageToken("schedules", [last.name]);
  return { schedules, nextPageToken };
}
