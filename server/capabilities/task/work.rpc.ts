import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  ClaimTasksResponseSchema,
  type ClaimTasksRequest,
  type ListWorkersRequest,
  type ReportTasksRequest,
  type WorkRequest,
  type WorkService,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { AgentCaller, Caller, NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { demandWorkerNames } from "@foedus/kernel/task/named.ts";
import { callerOf } from "../../runtime/caller.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { assignmentOf, receiptOf, reportOf } from "./assign.flow.ts";
import type { Held, Mate } from "./crew.flow.ts";
import { patienceMs } from "./patience.flow.ts";
import { give, report, type WorkKit } from "./report.flow.ts";
import { Shift, type Said } from "./shift.flow.ts";
import { standOf } from "./worker.flow.ts";

/** Gives out tasks, and hears what became of them. */
export function workRpc(kit: WorkKit): ServiceImpl<typeof WorkService> {
  return {
    claimTasks: (request, context) => claimTasks(kit, request, context),
    reportTasks: (request, context) => reportTasks(kit, request, context),
    work: (requests, context) => work(kit, requests, context),
    listWorkers: (request, context) => listWorkers(kit, callerOf(context), request),
  };
}

/** Whoever works does so from a node; the methods' policies admit nobody else. */
function workerCallerOf(context: HandlerContext): NodeCaller | AgentCaller {
  const caller = callerOf(context);
  if (caller.kind === "node" || caller.kind === "agent") return caller;
  throw new Error(`policy let a ${caller.kind} into a worker's method`);
}

async function claimTasks(kit: WorkKit, request: ClaimTasksRequest, context: HandlerContext) {
  const { tenant, nodeId } = workerCallerOf(context);
  const { worker, claimId, count, wait } = request;
  if (worker === undefined) throw new Error("validation let a missing worker pass");
  demandWorkerNames(worker);
  const { storage, world, draining } = kit.hub;
  const node = await kit.nodes.of(tenant, nodeId);
  const mate = mateOf(kit, { tenant, node, worker });
  const over = new AbortController();
  const waitMs = patienceMs(kit.hub, context, wait);
  const timer = world.timers.after(waitMs, () => over.abort());
  if (waitMs === 0) over.abort();
  try {
    const patience = AbortSignal.any([over.signal, draining]);
    const holder = { nodeId, worker: worker.name, claimId };
    const asked = { tenant, queue: worker.queue, offer: worker, node, holder, mayRepeat: true };
    const tasks = await kit.desk.claim({ ...asked, count: () => count }, context.signal, patience);
    give(kit, mate, tasks);
    const nowMs = storage.nowMs();
    const assignments = tasks.map((stored) => assignmentOf(stored, nowMs));
    return create(ClaimTasksResponseSchema, { assignments });
  } finally {
    timer.cancel();
  }
}

/** The one that asks from time to time, as it was here before. */
function mateOf(kit: WorkKit, who: Pick<Mate, "tenant" | "node"> & { worker: Worker }): Mate {
  const { tenant, node, worker } = who;
  const nowMs = kit.hub.storage.nowMs();
  const known = kit.crew.find(tenant, node.nodeId, worker.queue, worker.name);
  if (known !== undefined) {
    [known.worker, known.node, known.seenMs] = [worker, node, nowMs];
    return known;
  }
  const holds = new Map<string, Held>();
  const counts = { completed: 0, failed: 0, isDraining: false };
  const times = { sinceMs: nowMs, seenMs: nowMs };
  const free = () => Math.max(0, worker.concurrency - holds.size);
  return kit.crew.join({ ...who, ...counts, ...times, holds, free, line: undefined });
}

async function reportTasks(kit: WorkKit, request: ReportTasksRequest, context: HandlerContext) {
  const { tenant, nodeId } = workerCallerOf(context);
  const reports = request.reports.map((said) => reportOf(tenant, nodeId, said));
  const receipts = await report(kit, reports);
  return {
    receipts: reports.flatMap((said, at) => {
      const receipt = receipts[at];
      return receipt === undefined ? [] : [receiptOf(said, receipt)];
    }),
  };
}

/** A shift over one stream: who it is first, then anything. */
async function* work(
  kit: WorkKit,
  requests: AsyncIterable<WorkRequest>,
  context: HandlerContext,
): AsyncGenerator<Said, void, void> {
  const { tenant, nodeId } = workerCallerOf(context);
  const words = requests[Symbol.asyncIterator]();
  const first = await words.next();
  const said = first.done === true ? undefined : first.value.said;
  if (said?.case !== "worker") throw unexpected("a worker says first who it is");
  demandWorkerNames(said.value);
  const shift = new Shift(kit, { tenant, node: await kit.nodes.of(tenant, nodeId) }, said.value);
  const gone = () => shift.end();
  context.signal.addEventListener("abort", gone, { once: true });
  try {
    if (context.signal.aborted) gone();
    void hear(shift, words);
    for (let item = await shift.out.next(); item !== undefined; item = await shift.out.next()) {
      yield item;
    }
  } finally {
    context.signal.removeEventListener("abort", gone);
    shift.end();
  }
}

/** Takes what a worker says until it says nothing more; its mistakes end the stream by name. */
async function hear(shift: Shift, words: AsyncIterator<WorkRequest>): Promise<void> {
  try {
    for (let one = await words.next(); one.done !== true; one = await words.next()) {
      const { said } = one.value;
      if (said.case === "worker") rename(shift, said.value);
      else if (said.case === "room") shift.room(said.value);
      else if (said.case === "report") await shift.report([said.value]);
      else if (said.case === "reports") await shift.report(said.value.reports);
      else shift.beat();
    }
    await shift.finish();
  } catch (error) {
    shift.end(error);
  }
}

function rename(shift: Shift, worker: Worker): void {
  demandWorkerNames(worker);
  shift.rename(worker);
}

function unexpected(problem: string): Fault {
  return new Fault(Reason.INVALID_REQUEST, { violation: `said: ${problem}` });
}

async function listWorkers(kit: WorkKit, { tenant }: Caller, { page, queue }: ListWorkersRequest) {
  const list = `workers:${queue}`;
  const { size, after } = pageWish(page, list);
  const { workers, hasMore } = await kit.crews.list(tenant, { queue, after, size });
  const last = hasMore ? workers.at(-1) : undefined;
  const nextPageToken = last === undefined ? "" : pageToken(list, standOf(last));
  return { workers, nextPageToken };
}
