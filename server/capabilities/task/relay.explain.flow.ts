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
import { lineOf } from "@foedus/kernel/task/line.ts";
import { roomsFor } from "@foedus/kernel/task/places.ts";
import { isHandedUp, upperOf } from "@foedus/kernel/task/relay.ts";
import { spanWords } from "@foedus/kernel/task/span.ts";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { settingsOf } from "./queue.store.ts";
import type { Handing } from "./relay.up.book.flow.ts";
import { answerOf } from "./relay.up.flow.ts";
import { handedOf, type HandedKey } from "./relay.up.store.ts";

/** How long somebody who asks waits for the parent's own answer. */
const answerMs = 2_000;

interface Sides {
  readonly hub: Hub;
  /** What this process has handed up; undefined without a parent. */
  readonly book: Handing | undefined;
}

interface Asked {
  readonly hub: Hub;
  readonly book: Handing;
}

/** What is said of a task that belongs to two hubs: the parent's part, as the parent says it. */
export async function acrossHubs(
  { hub, book }: Sides,
  caller: Caller,
  explain: (caller: Caller) => Promise<ExplainTaskResponse>,
): Promise<ExplainTaskResponse> {
  const said = await explain(caller);
  const { task, summary } = said;
  if (task === undefined) return said;
  const upperId = upperOf(task);
  if (upperId !== undefined) {
    const whose = `This hub holds it for its parent, where it is ${upperId}.`;
    return create(ExplainTaskResponseSchema, { ...said, summary: `${whose} ${summary}` });
  }
  if (book === undefined || caller.tenant !== book.tenant) return said;
  if (task.state === TaskState.WORKING && task.attempt && isHandedUp(task.attempt)) {
    return await handedUp({ hub, book }, said);
  }
  return task.state === TaskState.SUBMITTED ? await aboutToGo({ hub, book }, said) : said;
}

/** It is held here for the parent: why it waits is for the parent to say. */
async function handedUp(asked: Asked, said: ExplainTaskResponse): Promise<ExplainTaskResponse> {
  const { hub, book } = asked;
  const { id = "", attempt } = said.task ?? {};
  const key = { id, fence: Number(attempt?.fence ?? 0n) };
  const upperId = await handedOf(hub.storage, book.tenant, key);
  if (upperId === undefined) {
    const why = refusalOf(asked, said) ?? doubtOf(asked, key);
    const more = why === undefined ? "" : `: ${why}`;
    const waits = [waitFor(said, `the parent, which has not taken it yet${more}`)];
    return create(ExplainTaskResponseSchema, { ...said, ...about("the parent"), waits });
  }
  const there = await askAbove(hub, upperId);
  const where = `the parent as ${upperId}`;
  if (typeof there === "string") {
    const does = there === "" ? "does not answer now" : `says nothing of it: ${there}`;
    const waits = [waitFor(said, `the parent, which has it as ${upperId} and ${does}`)];
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
  const { silence } = book.rests;
  if (silence !== "") waits.push(waitFor(said, `the parent, to say how it ends: ${silence}`));
  return create(ExplainTaskResponseSchema, { ...said, ...place, summary, waits });
}

function about(where: string) {
  return { summary: `It is handed up to ${where}.` };
}

/** As the parent says it; or why it does not, which is empty when it did not answer in time. */
async function askAbove(hub: Hub, taskId: string): Promise<ExplainTaskResponse | string> {
  const over = new AbortController();
  const timer = hub.world.timers.after(answerMs, () => over.abort());
  try {
    const line = await hub.parent.line(over.signal);
    const there = line?.client(TaskService).explainTask({ taskId }, { signal: over.signal });
    return (await there) ?? "";
  } catch (error) {
    hub.log.debug("the parent does not explain a task", { task: taskId, error });
    const { means, text } = answerOf(error);
    return means === "line" ? "" : text;
  } finally {
    timer.cancel();
  }
}

/** It would be handed up, if there were a line to the parent, or the parent took it. */
async function aboutToGo(asked: Asked, said: ExplainTaskResponse): Promise<ExplainTaskResponse> {
  const { hub, book } = asked;
  const queue = said.task?.spec?.queue ?? "";
  if (said.candidates.some(({ fits }) => fits)) return said;
  const settings = await settingsOf(hub.storage.sweeper, book.tenant, [queue]);
  const use = settings.get(queue)?.parent;
  if (use !== ParentUse.HANDS_UP && use !== ParentUse.BOTH) return said;
  const none = new AbortController();
  const line = hub.parent.line(none.signal);
  none.abort();
  const wait =
    (await line) === undefined
      ? waitFor(said, "a connection to the parent, to which the queue hands up")
      : staysHere(asked, said);
  if (wait === undefined) return said;
  return create(ExplainTaskResponseSchema, { ...said, waits: [...said.waits, wait] });
}

/** The parent takes nothing of its queue now, or has enough of it. */
function staysHere(asked: Asked, said: ExplainTaskResponse): Waiting | undefined {
  const { spec } = said.task ?? {};
  const refusal = refusalOf(asked, said);
  if (refusal !== undefined) {
    const who = "whoever can change that at the parent";
    const command = `foedus task queue ${spec?.queue ?? ""}  # at the parent`;
    const wait = waitFor(said, `the parent, which takes none of its queue now: ${refusal}`);
    return create(WaitingSchema, { ...wait, whoCanEndIt: who, command });
  }
  if (spec === undefined) return undefined;
  const all = asked.book.all();
  if (roomsFor(all, spec.queue, [lineOf(spec).id]).length > 0) return undefined;
  const own = all.filter(({ queue }) => queue === spec.queue).length;
  const text = `the end of one of the ${own} tasks of its queue that the parent has`;
  const command = `foedus task queue ${spec.queue}`;
  return create(WaitingSchema, { ...waitFor(said, text), command });
}

/** What the parent said of the queue's last task; undefined for a queue that may go up. */
function refusalOf({ hub, book }: Asked, { task }: ExplainTaskResponse): string | undefined {
  const nowMs = hub.world.clock.monotonic();
  const rest = book.rests.of(task?.spec?.queue ?? "", nowMs);
  return rest && `${rest.why}; it is asked again in ${spanWords(rest.untilMs - nowMs)}`;
}

/** Why nobody knows whether the parent has it; undefined while it is asked for the first time. */
function doubtOf({ hub, book }: Asked, { id, fence }: HandedKey): string | undefined {
  const open = book.all().find((one) => one.id === id && one.fence === fence);
  if (open === undefined || open.why === "") return undefined;
  const leftMs = Math.max(0, open.askMs - hub.world.clock.monotonic());
  return `its answer was not clear (${open.why}); it is asked again in ${spanWords(leftMs)}`;
}

function waitFor({ task }: ExplainTaskResponse, waitingFor: string): Waiting {
  const since = task?.attempt?.claimTime ?? task?.readyTime ?? task?.createTime;
  const sinceMs = BigInt(since === undefined ? 0 : timestampMs(since));
  const whoCanEndIt = "the parent";
  return create(WaitingSchema, { waitingFor, whoCanEndIt, sinceMs, command: "foedus hub status" });
}
