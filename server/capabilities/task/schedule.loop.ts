import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ScheduleSchema, type Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { dueOf } from "@foedus/kernel/task/schedule.ts";
import { instantMs } from "@foedus/kernel/task/spec.ts";
import { hasEnded } from "@foedus/kernel/task/standing.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { TaskKit } from "./kit.flow.ts";
import { findTask } from "./list.store.ts";
import { thoseWhoMay } from "./owner.flow.ts";
import { dueSchedules, saveSchedule, takeDue, type DueSchedule } from "./schedule.store.ts";
import { submitAs } from "./submit.rpc.ts";

/** How late a schedule may be looked at. */
const lookMs = 1_000;
const schedulesMax = 100;
/** When a schedule is looked at again that nobody can read. */
const againMs = 3_600_000;
/** Letters of a problem that are kept with a schedule. */
const problemMax = 2_000;

/** Submits what is due; of several hubs one does. */
export function scheduleLoop(kit: TaskKit & { readonly hub: Pick<Hub, "log"> }): Loop {
  const { storage, world, log } = kit.hub;
  return {
    name: "task.schedules",
    async run(signal) {
      while (!signal.aborted) {
        const due = await dueSchedules(storage, schedulesMax);
        let isStuck = false;
        for (const [name, all] of Map.groupBy(due, ({ tenant }) => tenant)) {
          const tenant = tenantProved(name);
          const owners = all.map(({ owner }) => owner);
          const may = thoseWhoMay(kit.hub, tenant, owners);
          for (const each of all) {
            await turn(kit, tenant, each, may).catch((error: unknown) => {
              isStuck = true;
              log.warn("a schedule could not take its turn", { schedule: each.name, error });
            });
          }
        }
        // On at once while there are more, unless one could not even be put off.
        if (due.length < schedulesMax || isStuck) await world.timers.sleep(lookMs, signal);
      }
    },
  };
}

/**
 * One turn of one schedule. Whatever goes wrong is its problem, which is kept with it: it goes on
 * with its next time, and others need not wait behind it.
 */
async function turn(
  kit: TaskKit,
  tenant: TenantId,
  { name, owner }: DueSchedule,
  asked: Promise<ReadonlySet<string>>,
): Promise<void> {
  const { storage } = kit.hub;
  const may = await asked.catch((error: unknown) => {
    if (error instanceof Fault && error.reason === Reason.TENANT_SUSPENDED) return error;
    throw error;
  });
  try {
    if (may instanceof Fault) throw may;
    await onDeadlockAgain(() =>
      storage.tenant(tenant, async (tx) => {
        const schedule = await takeDue(tx, name);
        // Somebody else's by now: it is looked at again.
        if (schedule === undefined || schedule.owner !== owner) return;
        const next = may.has(owner) ? await taken(kit, tx, schedule) : stopped(schedule);
        await saveSchedule(tx, tenant, next);
      }),
    );
  } catch (error) {
    if (!isItsOwn(error)) throw error;
    await skip(storage, tenant, name, error);
  }
}

async function skip(storage: Storage, tenant: TenantId, name: string, error: unknown) {
  await storage.tenant(tenant, async (tx) => {
    const schedule = await takeDue(tx, name);
    if (schedule === undefined) return;
    const later = { submits: true, skipped: 0, nextMs: tx.nowMs + againMs };
    // What cannot even be read any more, e.g. a zone that is gone, must not stay due either.
    const due = await dueNow(tx, schedule).catch(() => later);
    const lastProblem = error instanceof Error ? error.message : String(error);
    const skipped = schedule.skipped + BigInt(due.skipped) + BigInt(due.submits);
    const next = { ...schedule, skipped, lastProblem: lastProblem.slice(0, problemMax) };
    await saveSchedule(tx, tenant, { ...next, nextTime: timestampFromMs(due.nextMs) });
  });
}

/** Nobody stands behind what it would submit: it is paused until somebody does. */
function stopped(schedule: Schedule): Schedule {
  const { owner, skipped } = schedule;
  const lastProblem = `${owner} may not submit tasks any more; whoever resumes it is its owner`;
  const next = { skipped: skipped + 1n, paused: true, nextTime: undefined, lastProblem };
  return create(ScheduleSchema, { ...schedule, ...next });
}

/** A database that is away is nobody's own problem: the turn stays due until it is back. */
function isItsOwn(error: unknown): boolean {
  if (!(error instanceof Fault)) return true;
  return error.reason !== Reason.DATABASE_UNREACHABLE && error.reason !== Reason.DISK_FULL;
}

async function dueNow(tx: TenantTx, schedule: Schedule) {
  const { lastTaskId } = schedule;
  const last = lastTaskId === "" ? undefined : await findTask(tx, lastTaskId);
  const isRunning = last !== undefined && !hasEnded(last.stored.live.standing);
  return dueOf(schedule, instantMs(schedule.nextTime) ?? tx.nowMs, tx.nowMs, isRunning);
}

async function taken(kit: TaskKit, tx: TenantTx, schedule: Schedule): Promise<Schedule> {
  const due = await dueNow(tx, schedule);
  const next = {
    ...schedule,
    skipped: schedule.skipped + BigInt(due.skipped),
    nextTime: timestampFromMs(due.nextMs),
    lastProblem: due.problem,
  };
  if (!due.submits) return create(ScheduleSchema, next);
  const { id: scheduleId, owner } = schedule;
  const submitter = { id: owner, nodeId: "", scheduleId };
  const [submitted] = await submitAs(kit, tx, submitter, [create(TaskSpecSchema, schedule.spec)]);
  const lastTaskId = submitted?.task.live.id ?? "";
  return create(ScheduleSchema, { ...next, lastTaskId, lastTime: schedule.nextTime });
}
