import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { type HoldSchema, ReportSchema, Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { toPayload } from "@foedus/sdk/task/payload.ts";

/** Something untrue that a worker says, and what the hub says to it. */
export interface Lie {
  readonly claim: string;
  readonly verdict: string;
  readonly detail: string;
  readonly isRefused: boolean;
}

/** What the lies are about. */
export interface Targets {
  /** A task that another worker holds. */
  readonly others: Task;
  /** A task that went from one worker to the next, and the fence of the first. */
  readonly passedOn: Task;
  readonly olderFence: bigint;
  /** A task that the liar did itself, truly. */
  readonly own: Task;
  readonly labelOf: (task: Task) => string;
  readonly nameOf: (nodeId: string) => string;
}

const ahead = 100n;
const falsehood = { words: -1, sha256: "mine" };

/** Says it all; what the liar does besides is honest work. */
export async function tellLies(node: FoedusNode, targets: Targets): Promise<Lie[]> {
  const { others, passedOn, olderFence, own, labelOf, nameOf } = targets;
  const holder = nameOf(others.attempt?.nodeId ?? "");
  const hers = `${holder}'s ${labelOf(others)}`;
  const done = { case: "result", value: toPayload(falsehood) } as const;
  const failed = { case: "failure", value: { reason: "LIE", isFinal: true } } as const;
  const said: readonly [string, Hold, Word][] = [
    [`${hers} is done, by ${holder}'s fence`, holdOf(others), done],
    [`${hers} is still at work here: renew it`, holdOf(others), { case: undefined }],
    [`${hers} is done, by a fence to come`, holdOf(others, ahead), done],
    [`${labelOf(passedOn)} is done, by the fence of the dead`, older(passedOn, olderFence), done],
    [`its own ${labelOf(own)} is done, again, otherwise`, holdOf(own), done],
    [`its own ${labelOf(own)} failed after all`, holdOf(own), failed],
  ];
  const lies: Lie[] = [];
  for (const [claim, hold, word] of said) lies.push(await lie(node, claim, hold, word));
  lies.push(await adopt(node, others, `${hers} is its own: a part of it, please`));
  return lies;
}

type Word = NonNullable<MessageInitShape<typeof ReportSchema>["said"]>;
type Hold = MessageInitShape<typeof HoldSchema>;

async function lie(node: FoedusNode, claim: string, hold: Hold, said: Word): Promise<Lie> {
  const report = create(ReportSchema, { hold, said });
  const { receipts } = await node.client(WorkService).reportTasks({ reports: [report] });
  const { verdict = Verdict.UNSPECIFIED, detail = "" } = receipts[0] ?? {};
  const isRefused = verdict !== Verdict.TAKEN && verdict !== Verdict.UNSPECIFIED;
  const words = detail || "it was said before, and has no second effect";
  return { claim, verdict: Verdict[verdict], detail: words, isRefused };
}

/** A part of a task that somebody else holds. */
async function adopt(node: FoedusNode, { id, spec }: Task, claim: string): Promise<Lie> {
  try {
    const queue = spec?.queue ?? "";
    await node.tasks.submit({ queue, kind: "sha256", payload: { text: "mine" }, parentId: id });
    return { claim, verdict: "TAKEN", detail: "", isRefused: false };
  } catch (thrown) {
    const error = errorOf(thrown);
    return { claim, verdict: Reason[error.reason], detail: error.message, isRefused: true };
  }
}

function holdOf({ id, attempt }: Task, more = 0n): Hold {
  return { taskId: id, fence: (attempt?.fence ?? 0n) + more };
}

function older({ id }: Task, fence: bigint): Hold {
  return { taskId: id, fence };
}
