import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import {
  WorkerSchema,
  type Assignment,
  type Report,
  type Worker,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { failureOf, specBelow, submitterAbove } from "@foedus/kernel/task/relay.ts";
import { spanMs } from "@foedus/kernel/task/spec.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Crew, Mate } from "./crew.flow.ts";
import { wordsOf } from "./fitting.ts";
import type { TaskKit } from "./kit.flow.ts";
import { findRelayed, noteRelayed, type Relayed } from "./relay.store.ts";
import { submitAs } from "./submit.rpc.ts";

/** What working for the parent takes. */
export interface RelayKit extends TaskKit {
  readonly hub: Hub;
  readonly crew: Crew;
}

/** Workers of one queue that can all do the same: to the parent they are one. */
export interface Group {
  readonly worker: Worker;
  readonly mates: readonly Mate[];
}

/** Sorts of workers that a queue offers to the parent; others stay at home. */
const groupsMax = 8;
/** The same of all queues of a process: each is a stream over the one line to the parent. */
export const offersMax = 24;
const labelsMax = 16;
const concurrencyMax = 1_000;
const digits = 6;
const titleMax = 50;

/** Workers of a queue by what they can do, in a fixed order. */
export function groupsOf(title: string, queue: string, mates: readonly Mate[]): Group[] {
  const known = new Map<string, Mate[]>();
  for (const mate of mates) {
    const words = wordsOf({ offer: mate.worker, node: mate.node });
    known.set(words, [...(known.get(words) ?? []), mate]);
  }
  const sorted = [...known].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([words, own]) => {
    const name = `hub ${title.slice(0, titleMax)} ${hex(sha256(words)).slice(0, digits)}`;
    return { worker: workerOf(name, queue, own), mates: own };
  });
}

/** What the parent is offered, and the workers that it is not. */
export interface Offer {
  readonly offered: readonly Group[];
  readonly kept: readonly Mate[];
}

/** As many sorts as may go up, of each queue one before two of any. */
export function offerOf(queues: readonly (readonly Group[])[]): Offer {
  const inTurn = Array.from({ length: groupsMax }, (_, at) =>
    queues.flatMap((all) => all[at] ?? []),
  );
  const offered = inTurn.flat().slice(0, offersMax);
  const rest = queues.flat().filter((group) => !offered.includes(group));
  return { offered, kept: rest.flatMap(({ mates }) => mates) };
}

function workerOf(name: string, queue: string, mates: readonly Mate[]): Worker {
  const [first] = mates;
  const { kinds = [], capabilities = [], models = [], labels = {} } = first?.worker ?? {};
  // What a node's profile says here, its hub says to the parent as its worker's own words.
  const words = Object.entries({ ...first?.node.labels, ...labels });
  const all = mates.reduce((sum, { worker }) => sum + worker.concurrency, 0);
  const concurrency = Math.min(concurrencyMax, Math.max(1, all));
  const said = { kinds, capabilities, models, concurrency };
  const own = Object.fromEntries(words.slice(-labelsMax));
  return create(WorkerSchema, { name, queue, ...said, labels: own });
}

/** What became of an assignment: it is a task here, or there is a word for the parent at once. */
export type Took = { readonly relayed: Relayed } | { readonly word: Report["said"] };

/** Makes a task here of one that the parent assigned; of the same hold the same one. */
export async function take(
  kit: RelayKit,
  tenant: TenantId,
  assignment: Assignment,
  leftMs: number | undefined,
): Promise<Took> {
  const { hub } = kit;
  const { task, hold } = assignment;
  if (task?.spec === undefined || hold === undefined) throw new Error("an empty assignment");
  const { queue, timeouts } = task.spec;
  const held = { upperId: task.id, fence: Number(hold.fence) };
  const heartbeatMs = spanMs(timeouts?.heartbeat);
  try {
    const submit = async (tx: TenantTx) => {
      const known = await findRelayed(tx, held);
      if (known !== undefined) return known;
      const submitter = { id: submitterAbove(task.id), nodeId: "" };
      const [taken] = await submitAs(kit, tx, submitter, [specBelow(task, leftMs, tx.nowMs)]);
      if (taken === undefined) throw new Error("one was submitted and none was taken");
      const { id } = taken.task.live;
      await noteRelayed(tx, hub.identity.hubId, { ...held, id, queue, heartbeatMs });
      return id;
    };
    const id = await onDeadlockAgain(() => hub.storage.tenant(tenant, submit));
    return { relayed: { ...held, id, queue, heartbeatMs } };
  } catch (error) {
    hub.log.warn("a task of the parent could not be taken", { task: task.id, error });
    const failure = error instanceof Fault ? failureOf(error) : undefined;
    if (failure === undefined) return { word: { case: "returned", value: true } };
    return { word: { case: "failure", value: failure } };
  }
}

/** What is left for an attempt, as the parent says. */
export function leftMsOf({ timeLeft }: Pick<Assignment, "timeLeft">): number | undefined {
  return timeLeft === undefined ? undefined : Math.max(1, durationMs(timeLeft));
}

/** It is over here, is none any more, or was called off before for another reason. */
const settled: ReadonlySet<Reason> = new Set([
  Reason.TASK_ENDED,
  Reason.NOT_FOUND,
  Reason.REQUEST_ID_REUSED,
]);

/** Calls off what the parent wants no more; done already is as good. */
export async function callOff(
  { hub }: { readonly hub: Pick<Hub, "calls" | "log"> },
  tenant: TenantId,
  { id, fence }: Pick<Relayed, "id" | "fence">,
  reason: string,
): Promise<void> {
  const tasks = hub.calls.as(TaskService, insideCaller("task", tenant));
  try {
    await tasks.cancelTask({ requestId: `off ${id} ${fence}`, taskId: id, reason });
  } catch (error) {
    if (!(error instanceof Fault) || !settled.has(error.reason)) throw error;
    hub.log.debug("a task of the parent was over before it was called off", { id, error });
  }
}
