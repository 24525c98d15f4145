import { create } from "@bufbuild/protobuf";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ExplainTaskResponseSchema,
  type Candidate,
} from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { triedAgain } from "@foedus/kernel/task/decide.ts";
import { lineText } from "@foedus/kernel/task/line.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { countBefore } from "./before.store.ts";
import { candidatesOf } from "./candidates.ts";
import { summaryOf, waitsOf } from "./explain.flow.ts";
import { heldUntilMs } from "./explain.store.ts";
import { linesOf } from "./line.store.ts";
import { latestSteps, type Found } from "./list.store.ts";
import { findTasks } from "./lock.store.ts";
import type { Nodes } from "./nodes.flow.ts";
import { bare } from "./own.ts";
import { countChildren } from "./parent.store.ts";
import type { QueueKit } from "./queue.flow.ts";
import { countQueues, settingsOf } from "./queue.store.ts";
import { taskOf, type Stored } from "./row.store.ts";
import { findOne } from "./task.rpc.ts";

const minuteMs = 60_000;

type Kit = QueueKit & { readonly nodes: Pick<Nodes, "find"> };

/** Why a task stands as it does. */
export async function explainTask(kit: Kit, caller: Caller, id: string) {
  const found = await findOne(kit.storage, caller, id);
  const { stored } = found;
  const { tenant } = caller;
  const around = await aroundOf(kit, caller, found);
  const isReady = stored.live.standing.state === TaskState.SUBMITTED;
  const { workers } = await kit.crews.list(tenant, { queue: stored.queue });
  const named = isReady ? await namedOf(kit, tenant, stored) : undefined;
  const candidates = isReady ? candidatesOf(stored.spec, workers, named) : [];
  const known = { stored, workers: workers.length, nowMs: kit.storage.nowMs(), ...around };
  const waits = waitsOf(known, candidates);
  const expectedMs = isReady ? expectedOf(kit, tenant, stored, around, candidates) : undefined;
  return create(ExplainTaskResponseSchema, {
    task: bare(taskOf(stored, found.waitsFor)),
    summary: summaryOf(known, waits),
    waits,
    candidates,
    before: BigInt(around.before),
    beforeByPriority: BigInt(around.byPriority),
    expected: expectedMs === undefined ? undefined : durationFromMs(expectedMs),
  });
}

/** The node that a task asks for by its id. */
async function namedOf(
  { nodes }: Kit,
  tenant: TenantId,
  { spec }: Stored,
): Promise<Node | undefined> {
  const nodeId = spec.needs?.nodeId ?? "";
  return nodeId === "" ? undefined : await nodes.find(tenant, nodeId);
}

/**
 * When its turn comes: at once where somebody has room and nothing comes first, else at the pace of
 * the queue, which its rate may hold down. Undefined when nobody can say.
 */
function expectedOf(
  kit: Kit,
  tenant: TenantId,
  { queue }: Stored,
  { before, settings, rateMs, flow }: Awaited<ReturnType<typeof aroundOf>>,
  candidates: readonly Candidate[],
): number | undefined {
  const fitting = candidates.filter(({ fits }) => fits);
  if (settings?.paused || fitting.length === 0) return undefined;
  const isNext = before === 0 && fitting.some(({ obstacles }) => obstacles.length === 0);
  if (isNext) return rateMs === undefined ? 0 : Math.max(0, rateMs - kit.storage.nowMs());
  const perMinute = settings?.rate?.perMinute || Number.POSITIVE_INFINITY;
  const { completedPerMinute } = kit.pace.speedOf(tenant, queue, flow);
  const pace = Math.min(completedPerMinute, perMinute);
  return pace > 0 ? Math.round(((before + 1) / pace) * minuteMs) : undefined;
}

/** Steps that are looked at for failures, the latest ones. */
const stepsMax = 1_000;

/** The attempts that failed since it was submitted, or since somebody tried it again. */
async function failuresOf(tx: TenantTx, stored: Stored): Promise<TaskStep[]> {
  const { state, attempts } = stored.live.standing;
  const isOfUse = state === TaskState.FAILED || (state === TaskState.SCHEDULED && attempts > 0);
  if (!isOfUse) return [];
  const steps = await latestSteps(tx, stored, stepsMax);
  const from = steps.findLastIndex(({ message }) => message === triedAgain);
  return steps.slice(from + 1).filter(({ failure }) => failure !== undefined);
}

/** What the database knows of those around it. */
async function aroundOf(kit: Kit, { tenant }: Caller, { stored, waitsFor }: Found) {
  const { queue, spec, live } = stored;
  const { turn, state } = live.standing;
  const isReady = state === TaskState.SUBMITTED;
  const lines = isReady ? await linesOf(kit.storage, tenant, queue) : [];
  const plain = lineText(queue, "", undefined);
  const own = lineText(queue, "", spec.needs);
  const rivals = lines.filter(({ needs }) => [plain, own].includes(lineText(queue, "", needs)));
  return await kit.storage.tenant(tenant, async (tx) => {
    const others = await statesOf(tx, waitsFor);
    const [counts] = await countQueues(tx.sql, tenant, { names: [queue] });
    const ids = rivals.map(({ id }) => id);
    const task = { turn, priority: spec.priority };
    const rest = isReady ? await countBefore(tx, ids, task) : { before: 0, byPriority: 0 };
    const settings = (await settingsOf(tx.sql, tenant, [queue])).get(queue);
    const flow = { submitted: counts?.submitted ?? 0, completed: counts?.completed ?? 0 };
    const failures = await failuresOf(tx, stored);
    const isHeld = state === TaskState.WORKING;
    const children = isHeld ? await countChildren(tx, live.id) : { open: 0, working: 0 };
    const rateMs = isReady ? await heldUntilMs(tx, queue, settings?.rate) : undefined;
    return { others, settings, rateMs, flow, failures, children, ...rest };
  });
}

/** How tasks stand, by their ids; those that were forgotten are missing. */
async function statesOf(tx: TenantTx, ids: readonly string[]) {
  const keys = ids.map((id) => ({ tenant: tx.tenant, id }));
  const found = await findTasks(tx.sql, keys);
  return [...found.values()].map(({ live }) => ({ id: live.id, state: live.standing.state }));
}
