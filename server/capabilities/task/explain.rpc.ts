import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ExplainTaskResponseSchema } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { lineText } from "@foedus/kernel/task/line.ts";
import { countBefore } from "./before.store.ts";
import { candidatesOf, summaryOf, waitsOf } from "./explain.flow.ts";
import { linesOf } from "./line.store.ts";
import { findTask, type Found } from "./list.store.ts";
import { bare } from "./own.ts";
import type { QueueKit } from "./queue.flow.ts";
import { countQueues, settingsOf } from "./queue.store.ts";
import { taskOf } from "./row.store.ts";
import { findOne } from "./task.rpc.ts";

const minuteMs = 60_000;

/** Why a task stands as it does. */
export async function explainTask(kit: QueueKit, caller: Caller, id: string) {
  const found = await findOne(kit.storage, caller, id);
  const { stored } = found;
  const { queue } = stored;
  const nowMs = kit.storage.nowMs();
  const around = await aroundOf(kit, caller, found);
  const isReady = stored.live.standing.state === TaskState.SUBMITTED;
  const { workers } = await kit.crews.list(caller.tenant, { queue });
  const known = { stored, workers, nowMs, ...around };
  const candidates = isReady ? candidatesOf(known) : [];
  const waits = waitsOf(known, candidates);
  const { completedPerMinute } = kit.pace.speedOf(caller.tenant, queue, around.flow);
  const canTell = isReady && completedPerMinute > 0 && candidates.some(({ fits }) => fits);
  const expectedMs = Math.round(((around.before + 1) / completedPerMinute) * minuteMs);
  return create(ExplainTaskResponseSchema, {
    task: bare(taskOf(stored, found.waitsFor)),
    summary: summaryOf(known, waits),
    waits,
    candidates,
    before: BigInt(around.before),
    beforeByPriority: BigInt(around.byPriority),
    expected: canTell && !around.settings?.paused ? durationFromMs(expectedMs) : undefined,
  });
}

/** What the database knows of those around it. */
async function aroundOf(kit: QueueKit, { tenant }: Caller, { stored, waitsFor }: Found) {
  const { queue, spec, live } = stored;
  const isReady = live.standing.state === TaskState.SUBMITTED;
  const lines = isReady ? await linesOf(kit.storage, tenant, queue) : [];
  const plain = lineText(queue, "", undefined);
  const own = lineText(queue, "", spec.needs);
  const rivals = lines.filter(({ needs }) => [plain, own].includes(lineText(queue, "", needs)));
  return await kit.storage.tenant(tenant, async (tx) => {
    const found = [];
    for (const id of waitsFor) {
      const state = (await findTask(tx, id))?.stored.live.standing.state;
      if (state !== undefined) found.push({ id, state });
    }
    const [counts] = await countQueues(tx.sql, tenant, { names: [queue] });
    const { turn } = live.standing;
    const ids = rivals.map(({ id }) => id);
    const task = { turn, priority: spec.priority };
    const rest = isReady ? await countBefore(tx, ids, task) : { before: 0, byPriority: 0 };
    const settings = (await settingsOf(tx.sql, tenant, [queue])).get(queue);
    const flow = { submitted: counts?.submitted ?? 0, completed: counts?.completed ?? 0 };
    return { others: found, settings, flow, ...rest };
  });
}
