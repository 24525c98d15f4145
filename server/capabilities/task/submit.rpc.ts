import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  SubmitTaskResponseSchema,
  SubmitTasksResponseSchema,
  type SubmitTaskRequest,
  type SubmitTasksRequest,
  type TaskService,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { create } from "@bufbuild/protobuf";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { childrenOf } from "@foedus/kernel/task/child.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import { decide } from "../../runtime/storage/decide.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { writeOf } from "../../runtime/write.ts";
import { waitedFor } from "./depend.store.ts";
import type { TaskKit } from "./kit.flow.ts";
import { bare, nodeIdOf } from "./own.ts";
import { chargeParent, lockParent } from "./parent.store.ts";
import { settingsOf } from "./queue.store.ts";
import { taskOf } from "./row.store.ts";
import { submitTasks, type Taken } from "./submit.store.ts";

/** The methods that ask for work. */
export type SubmitHalf = Pick<ServiceImpl<typeof TaskService>, "submitTask" | "submitTasks">;

/** Takes tasks in. */
export function submitRpc(kit: TaskKit): SubmitHalf {
  return {
    submitTask: (request, context) => submitTask(kit, request, context),
    submitTasks: (request, context) => submitMany(kit, request, context),
  };
}

async function submitTask(kit: TaskKit, request: SubmitTaskRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  const { spec } = request;
  if (spec === undefined) throw new Error("validation let a missing spec pass");
  return await onDeadlockAgain(() =>
    decide(kit.hub.storage, write, SubmitTaskResponseSchema, async (tx) => {
      const [taken] = await submitAs(kit, tx, submitterOf(write.caller), [spec]);
      if (taken === undefined) throw new Error("one was submitted and none was taken");
      const { task: stored, existed } = taken;
      const waits = stored.live.standing.blockers === 0 ? [] : await waitedFor(tx, stored.live.id);
      const task = bare(taskOf(stored, waits));
      const answer = create(SubmitTaskResponseSchema, { task, existed });
      return { answer, facts: [], object: stored.live.id };
    }),
  );
}

async function submitMany(kit: TaskKit, request: SubmitTasksRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  return await onDeadlockAgain(() =>
    decide(kit.hub.storage, write, SubmitTasksResponseSchema, async (tx) => {
      const taken = await submitAs(kit, tx, submitterOf(write.caller), request.specs);
      const submitted = taken.map(({ task, existed }) => ({ taskId: task.live.id, existed }));
      const answer = create(SubmitTasksResponseSchema, { submitted });
      return { answer, facts: [], object: taken[0]?.task.live.id ?? "" };
    }),
  );
}

/** In whose name tasks are submitted. */
export interface Submitter {
  readonly id: string;
  /** Where it works; empty for people: they hold no tasks that could have children. */
  readonly nodeId: string;
  readonly scheduleId?: string;
}

function submitterOf(caller: Caller): Submitter {
  return { id: caller.id, nodeId: nodeIdOf(caller) ?? "" };
}

/** Submits tasks in the caller's name, and tells workers once they are committed. */
export async function submitAs(
  kit: Pick<TaskKit, "news" | "turns">,
  tx: TenantTx,
  caller: Submitter,
  specs: readonly TaskSpec[],
): Promise<Taken[]> {
  const queues = await settingsOf(tx.sql, tx.tenant, [...new Set(specs.map(({ queue }) => queue))]);
  const whole = specs.map((spec) => completeSpec(spec, queues.get(spec.queue), tx.nowMs));
  const family = await familyOf(tx, caller.nodeId, whole);
  const { id: submitter, scheduleId = "" } = caller;
  const wanted = family.specs.map((spec) => ({ spec, submitter, scheduleId }));
  // Whoever holds locks of tasks takes turns over its own connection: others may wait for those.
  const isPlain = whole.every(({ dependsOn, parentId }) => dependsOn.length === 0 && !parentId);
  const taken = await submitTasks(tx, wanted, isPlain ? kit.turns : undefined);
  await family.charge(taken);
  const fresh = taken.filter(({ existed }) => !existed).map(({ task }) => task);
  const ready = fresh.filter(({ live }) => live.standing.state === TaskState.SUBMITTED);
  tx.afterCommit(() => kit.news.submitted(ready));
  return taken;
}

interface Family {
  readonly specs: readonly TaskSpec[];
  /** Takes new children off their parents' budgets. */
  charge(taken: readonly Taken[]): Promise<void>;
}

/** Tasks as their parents allow them; parents are locked until the transaction ends. */
async function familyOf(tx: TenantTx, nodeId: string, specs: readonly TaskSpec[]): Promise<Family> {
  const ids = [...new Set(specs.map(({ parentId }) => parentId).filter((id) => id !== ""))];
  const budgeted = new Set<string>();
  const born = [...specs];
  for (const id of ids.toSorted()) {
    const parent = await lockParent(tx, id, nodeId);
    if (parent.spec.budget !== undefined) budgeted.add(id);
    const places = specs.flatMap((spec, at) => (spec.parentId === id ? [at] : []));
    const own = places.flatMap((at) => specs[at] ?? []);
    const children = childrenOf(parent, own);
    for (const [at, spec] of children.specs.entries()) born[places[at] ?? 0] = spec;
  }
  const charge = async (taken: readonly Taken[]) => {
    for (const id of budgeted) {
      const fresh = taken.filter(({ task, existed }) => !existed && task.spec.parentId === id);
      const cost = fresh.reduce((sum, { task }) => sum + Number(task.spec.budget?.limit ?? 0n), 0);
      await chargeParent(tx, id, cost);
    }
  };
  return { specs: born, charge };
}
