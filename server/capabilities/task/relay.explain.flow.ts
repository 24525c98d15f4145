import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { WaitingSchema, type Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ExplainTaskResponseSchema,
  type ExplainTaskResponse,
} from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { isHandedUp, upperOf } from "@foedus/kernel/task/relay.ts";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { settingsOf } from "./queue.store.ts";
import { handedOf } from "./relay.up.store.ts";

/** How long somebody who asks waits for the parent's own answer. */
const answerMs = 2_000;

/** What is said of a task that belongs to two hubs: the parent's part, as the parent says it. */
export async function acrossHubs(
  hub: Hub,
  caller: Caller,
  explain: (caller: Caller) => Promise<ExplainTaskResponse>,
): Promise<ExplainTaskResponse> {
  const { tenant } = caller;
  const said = await explain(caller);
  const { task, summary } = said;
  if (task === undefined) return said;
  const upperId = upperOf(task);
  if (upperId !== undefined) {
    const whose = `This hub holds it for its parent, where it is ${upperId}.`;
    return create(ExplainTaskResponseSchema, { ...said, summary: `${whose} ${summary}` });
  }
  if (task.state === TaskState.WORKING && task.attempt && isHandedUp(task.attempt)) {
    return await handedUp(hub, tenant, said);
  }
  return task.state === TaskState.SUBMITTED ? await aboutToGo(hub, tenant, said) : said;
}

/** It is held here for the parent: why it waits is for the parent to say. */
async function handedUp(
  hub: Hub,
  tenant: TenantId,
  said: ExplainTaskResponse,
): Promise<ExplainTaskResponse> {
  const { id = "", attempt } = said.task ?? {};
  const upperId = await handedOf(hub.storage, tenant, { id, fence: Number(attempt?.fence ?? 0n) });
  if (upperId === undefined) {
    const waits = [waitFor(said, "the parent, which has not taken it yet")];
    return create(ExplainTaskResponseSchema, { ...said, ...about("the parent"), waits });
  }
  const there = await askAbove(hub, upperId);
  const where = `the parent as ${upperId}`;
  if (there === undefined) {
    const waits = [waitFor(said, `the parent, which has it as ${upperId} and does not answer now`)];
    return create(ExplainTaskResponseSchema, { ...said, ...about(where), waits });
  }
  const waits = there.waits.map((wait) => {
    const command = `${wait.command}  # at the parent`;
    return create(WaitingSchema, {
      ...wait,
      waitingFor: `at the parent: ${wait.waitingFor}`,
      command,
    });
  });
  const { before, beforeByPriority, expected } = there;
  const summary = `It is handed up to ${where}. There: ${there.summary}`;
  const place = { before, beforeByPriority, expected };
  return create(ExplainTaskResponseSchema, { ...said, ...place, summary, waits });
}

function about(where: string) {
  return { summary: `It is handed up to ${where}.` };
}

/** Undefined when the parent does not answer in time. */
async function askAbove(hub: Hub, taskId: string): Promise<ExplainTaskResponse | undefined> {
  const over = new AbortController();
  const timer = hub.world.timers.after(answerMs, () => over.abort());
  try {
    const line = await hub.parent.line(over.signal);
    return await line?.client(TaskService).explainTask({ taskId }, { signal: over.signal });
  } catch (error) {
    hub.log.debug("the parent does not explain a task", { task: taskId, error });
    return undefined;
  } finally {
    timer.cancel();
  }
}

/** It would be handed up, and there is no line to the parent. */
async function aboutToGo(
  hub: Hub,
  tenant: TenantId,
  said: ExplainTaskResponse,
): Promise<ExplainTaskResponse> {
  const queue = said.task?.spec?.queue ?? "";
  const { storage, parent } = hub;
  if (said.candidates.some(({ fits }) => fits)) return said;
  const settings = await settingsOf(storage.sweeper, tenant, [queue]);
  const use = settings.get(queue)?.parent;
  if (use !== ParentUse.HANDS_UP && use !== ParentUse.BOTH) return said;
  const none = new AbortController();
  const line = parent.line(none.signal);
  none.abort();
  if ((await line) !== undefined) return said;
  const wait = waitFor(said, "a connection to the parent, to which the queue hands up");
  return create(ExplainTaskResponseSchema, { ...said, waits: [...said.waits, wait] });
}

function waitFor({ task }: ExplainTaskResponse, waitingFor: string): Waiting {
  const since = task?.attempt?.claimTime ?? task?.readyTime ?? task?.createTime;
  const sinceMs = BigInt(since === undefined ? 0 : timestampMs(since));
  const whoCanEndIt = "the parent";
  return create(WaitingSchema, { waitingFor, whoCanEndIt, sinceMs, command: "foedus hub status" });
}
