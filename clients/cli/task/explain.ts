import { durationMs } from "@bufbuild/protobuf/wkt";
import {
  ExplainTaskResponseSchema,
  type Candidate,
  type ExplainTaskResponse,
} from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { CliContext } from "../context.ts";
import { dim, good, strong, warn, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";
import { counted } from "../words/plural.ts";
import { agoText, spanText } from "../words/span.ts";
import { openNames, type NodeNames } from "./names.ts";
import { stateWord } from "./words.ts";

/** Why a task stands as it does: what it waits for, who ends that, who could take it. */
export async function explainTask(context: CliContext, taskId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(TaskService).explainTask({ taskId }, hub.call);
  await print.answer(ExplainTaskResponseSchema, answer, async () => {
    const { task, summary, waits, candidates } = answer;
    if (task === undefined) return;
    const names = openNames(hub);
    const texts = [summary, ...waits.map(({ waitingFor }) => waitingFor)];
    const named = texts.flatMap((text) => text.match(nodeId) ?? []);
    await names.learn([...named, ...candidates.map((each) => each.nodeId)]);
    const readable = (text: string) => text.replaceAll(nodeId, (id) => names.nameOf(id));
    print.line(strong(task.id), " is ", stateWord(task.state), `. ${readable(summary)}`);
    for (const wait of waits) {
      const waitingFor = readable(wait.waitingFor);
      await tellWait(print, { ...wait, waitingFor }, hub.nowMs());
    }
    if (task.state !== TaskState.SUBMITTED) return;
    await tellPlace(print, answer);
    await tellCandidates(print, candidates, names);
  });
}

/** The hub tells ids, which do not change; people know names. */
const nodeId = /node_[0-9a-z]{26}/gu;

async function tellWait(print: Print, wait: Waiting, nowMs: number): Promise<void> {
  const { waitingFor, whoCanEndIt, sinceMs, command } = wait;
  print.line();
  await print.pairs([
    ["Waits for", strong(waitingFor)],
    ["Since", agoText(Number(sinceMs), nowMs)],
    ["Who can end it", whoCanEndIt],
    ["With", command],
  ]);
}

async function tellPlace(print: Print, answer: ExplainTaskResponse): Promise<void> {
  print.line();
  await print.pairs([
    ["Place in line", placeText(answer)],
    ["Its turn comes", turnText(answer)],
  ]);
}

/** How many of those it competes with come first. */
export function placeText({
  before,
  beforeByPriority: higher,
}: Pick<ExplainTaskResponse, "before" | "beforeByPriority">): string {
  if (before === 0n) return "first of those it competes with";
  const what = counted(Number(before), "task");
  if (higher === before) return `after ${what} of a higher priority`;
  return `after ${what}${higher === 0n ? "" : `, ${higher} of them of a higher priority`}`;
}

/** When its turn comes, or why nobody can say. */
export function turnText({
  before,
  expected,
  candidates,
  waits,
}: Pick<ExplainTaskResponse, "before" | "expected" | "candidates" | "waits">): Piece {
  if (expected !== undefined) {
    const ms = durationMs(expected);
    if (ms === 0) return "now";
    const pace = before === 0n ? "" : ", at the pace of the last five minutes";
    return `in ${spanText(ms)}${pace}`;
  }
  const isPaused = waits.some(({ command }) => command.startsWith("foedus task resume "));
  if (isPaused) return dim("nobody can say: the queue is paused");
  if (!candidates.some(({ fits }) => fits)) return dim("nobody can say: no worker can do it now");
  return dim("nobody can say: nothing of its queue was completed in the last five minutes");
}

async function tellCandidates(
  print: Print,
  candidates: readonly Candidate[],
  names: NodeNames,
): Promise<void> {
  print.line();
  if (candidates.length === 0) return print.line("Nobody works on its queue now.");
  const fitting = candidates.filter(({ fits }) => fits).length;
  print.line(`Of ${counted(candidates.length, "worker")} of its queue ${fitting} can do it:`);
  await print.table(
    ["NODE", "WORKER", "CAN DO IT", "WHAT KEEPS IT"],
    candidates.map(({ nodeId, worker, fits, obstacles }): Piece[] => [
      names.nameOf(nodeId),
      worker === "" ? dim("none") : worker,
      fits ? good("yes") : warn("no"),
      obstacles.length === 0 ? dim("nothing") : obstacles.join("; "),
    ]),
  );
}
