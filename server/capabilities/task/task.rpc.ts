import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { CancellationSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  CancelTaskResponseSchema,
  RetryTaskResponseSchema,
  type CancelTaskRequest,
  type ListTasksRequest,
  type ListTaskStepsRequest,
  type RetryTaskRequest,
  type TaskService,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { canceled, retried } from "@foedus/kernel/task/decide.ts";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import { callerOf } from "../../runtime/caller.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { writeOf } from "../../runtime/write.ts";
import { lockEnded } from "./ended.store.ts";
import type { TaskKit } from "./kit.flow.ts";
import { noteLines } from "./line.store.ts";
import { findTask, stepsOf, type Found } from "./list.store.ts";
import { findDone, keyOf, lockWithParents } from "./lock.store.ts";
import { bare, demandOwn, shownTo } from "./own.ts";
import { listTasks } from "./page.store.ts";
import { lockBelow } from "./parent.store.ts";
import { taskOf, type Stored } from "./row.store.ts";
import { Changes, revive } from "./save.store.ts";

/** The methods about tasks that are there. */
export type TaskHalf = Pick<
  ServiceImpl<typeof TaskService>,
  "getTask" | "listTasks" | "listTaskSteps" | "cancelTask" | "retryTask"
>;

/** Shows tasks, calls them off and takes them out of the dead letters. */
export function taskRpc(kit: TaskKit): TaskHalf {
  const { storage } = kit.hub;
  return {
    async getTask({ taskId }, context) {
      const caller = callerOf(context);
      const { stored, waitsFor } = await findOne(storage, caller, taskId);
      return { task: shownTo(caller, taskOf(stored, waitsFor)) };
    },

    listTasks: (request, context) => list(storage, callerOf(context), request),
    listTaskSteps: (request, context) => listSteps(storage, callerOf(context), request),
    cancelTask: (request, context) => cancelTask(kit, request, context),
    retryTask: (request, context) => retryTask(kit, request, context),
  };
}

/** A task of the caller's tenant. @throws Fault NOT_FOUND. */
export async function findOne(storage: Storage, caller: Caller, id: string): Promise<Found> {
  const found = await storage.tenant(caller.tenant, (tx) => findTask(tx, id));
  if (found === undefined) throw unknownTask(id);
  return found;
}

/** Nobody in the caller's tenant knows it. */
export function unknownTask(id: string): Fault {
  return new Fault(Reason.NOT_FOUND, { object: `task ${id}` });
}

async function list(storage: Storage, { tenant }: Caller, request: ListTasksRequest) {
  const { page, queue, states, kind, nodeId, labels, parentId } = request;
  const name = JSON.stringify(["tasks", queue, states, kind, nodeId, labels, parentId]);
  const { size, after } = pageWish(page, name);
  const found = await listTasks(storage, tenant, request, { after: after?.[0], size });
  const nextPageToken = found.next === undefined ? "" : pageToken(name, [found.next]);
  return { tasks: found.tasks.map((stored) => bare(taskOf(stored))), nextPageToken };
}

async function listSteps(storage: Storage, { tenant }: Caller, request: ListTaskStepsRequest) {
  const { page, taskId } = request;
  const name = `steps:${taskId}`;
  const { size, after } = pageWish(page, name);
  const skip = Number(after?.[0] ?? 0);
  const steps = await storage.tenant(tenant, async (tx) => {
    const found = await findTask(tx, taskId);
    if (found === undefined) throw unknownTask(taskId);
    return await stepsOf(tx, found.stored, { skip, size });
  });
  const nextPageToken = steps.length < size ? "" : pageToken(name, [String(skip + steps.length)]);
  return { steps, nextPageToken };
}

async function cancelTask(kit: TaskKit, request: CancelTaskRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  const { caller } = write;
  const { taskId, reason } = request;
  return await onDeadlockAgain(() =>
    decide(kit.hub.storage, write, CancelTaskResponseSchema, async (tx) => {
      const stored = await lockedOne(tx, taskId);
      demandOwn(caller, { id: taskId, submitter: stored.live.terms.submitter });
      const changes = new Changes();
      const callOff = (each: Stored, why: string) => {
        const said = { caller: caller.id, reason: why, time: timestampFromMs(tx.nowMs) };
        const cancellation = create(CancellationSchema, said);
        changes.move(each, canceled(each.live, cancellation, tx.nowMs));
        tx.afterCommit(() => {
          kit.news.changed(keyOf(each));
          kit.news.stop(keyOf(each), why);
        });
      };
      callOff(stored, reason);
      // What is done for it is of no use any more.
      const why = `its parent ${taskId} was called off${reason === "" ? "" : `: ${reason}`}`;
      for (const each of await lockBelow(tx, taskId)) callOff(each, why);
      const saved = await changes.save(tx);
      tx.afterCommit(() => kit.news.saved(saved));
      const task = bare(taskOf(changes.now(stored)));
      return { answer: create(CancelTaskResponseSchema, { task }), facts: [], object: taskId };
    }),
  );
}

async function lockedOne(tx: TenantTx, id: string): Promise<Stored> {
  const key = { tenant: tx.tenant, id };
  const live = (await lockWithParents(tx.sql, [key], [key])).get(keyOf(key));
  const found = live ?? (await findDone(tx.sql, [key])).get(keyOf(key));
  if (found === undefined) throw unknownTask(id);
  return found;
}

async function retryTask(kit: TaskKit, request: RetryTaskRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  const { caller } = write;
  const { taskId } = request;
  return await onDeadlockAgain(() =>
    decide(kit.hub.storage, write, RetryTaskResponseSchema, async (tx) => {
      const stored = (await lockEnded(tx, taskId)) ?? (await lockedOne(tx, taskId));
      demandOwn(caller, { id: taskId, submitter: stored.live.terms.submitter });
      const moved = retried(stored.live, stored.spec, caller.id, tx.nowMs);
      const again = await revive(tx, stored, moved);
      await noteLines(tx, [again]);
      tx.afterCommit(() => {
        kit.news.submitted([again]);
        kit.news.changed(keyOf(again));
      });
      const answer = create(RetryTaskResponseSchema, { task: bare(taskOf(again)) });
      return { answer, facts: [], object: taskId };
    }),
  );
}
