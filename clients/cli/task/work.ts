import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Payload } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { openNode } from "@foedus/sdk/open.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import type { Job, TaskWorker } from "@foedus/sdk/task/work.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { tellNotice } from "../instance/words.ts";
import { bad, dim, good, strong, warn, type Piece } from "../paint.ts";
import { quoted } from "../shell.ts";
import { counted } from "../words/plural.ts";
import { spanText } from "../words/span.ts";
import { appear } from "./appear.ts";
import { outcomeOf } from "./outcome.ts";
import type { Pairs } from "./read.ts";
import { isBroken, run, type Command } from "./run.ts";

/** What `task work` takes. */
export interface WorkOptions {
  readonly folder?: string;
  readonly name?: string;
  readonly kind?: readonly string[];
  readonly offer?: readonly string[];
  readonly label?: Pairs;
  readonly model?: readonly string[];
  readonly concurrency?: number;
  readonly grace?: number;
}

interface Shift {
  readonly context: CliContext;
  readonly queue: string;
  readonly command: Command;
  readonly worker: () => TaskWorker;
  /** Told when the command itself cannot be started. */
  readonly broken: (error: unknown) => void;
}

/** Runs a command for each task of a queue until Ctrl-C, which lets those underway finish. */
export async function workWith(
  context: CliContext,
  queue: string,
  words: readonly string[],
  options: WorkOptions,
): Promise<void> {
  const { print, world, signal } = context;
  const [program, ...args] = words;
  if (program === undefined) throw invalid("say what is to be run, e.g. -- ./scan.sh");
  const folder = options.folder ?? context.folder;
  await using node = await openNode(folder, {
    world,
    notice: (notice) => tellNotice(print, node.name, notice),
    purpose: `foedus task work ${queue} -- ${words.map(quoted).join(" ")}`,
  });
  let broken: unknown;
  const shift: Shift = {
    context,
    queue,
    command: { program, args },
    worker: () => worker,
    broken: (error) => (broken ??= error),
  };
  const worker = openWorker(node, shift, options);
  print.note(dim(`${worker.name} of ${node.name} works on ${queue}; Ctrl-C drains it.`));
  // Work goes on without it: whoever is not seen is still given tasks.
  appear(node).catch((error: unknown) => {
    if (!node.signal.aborted)
      print.note(warn(`${node.name} is not shown to others: ${String(error)}`));
  });
  await over(signal, worker.signal, node.signal);
  if (signal.aborted) await drain(context, worker);
  if (broken !== undefined) throw unusable(program, broken);
  if (!signal.aborted) throw node.signal.aborted ? node.signal.reason : worker.signal.reason;
  // It was meant to run until it is stopped.
  process.exitCode = exitCodes.ok;
}

function openWorker(node: FoedusNode, shift: Shift, options: WorkOptions): TaskWorker {
  const { name, kind, offer, label, model, concurrency, grace } = options;
  return node.work(
    {
      queue: shift.queue,
      ...(name === undefined ? {} : { name }),
      ...(kind === undefined ? {} : { kinds: kind }),
      ...(offer === undefined ? {} : { capabilities: offer }),
      ...(label === undefined ? {} : { labels: label }),
      ...(model === undefined ? {} : { models: model }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(grace === undefined ? {} : { graceMs: grace }),
    },
    (job) => work(shift, job, node),
  );
}

async function drain({ print }: CliContext, worker: TaskWorker): Promise<void> {
  const { holds } = worker.status();
  const what = counted(holds.length, "task");
  if (holds.length > 0) print.note(warn(`Draining: ${what} may finish; Ctrl-C again ends them.`));
  await worker.drain();
  const { completed, failed } = worker.status();
  const failures = failed === 0 ? "" : `, ${counted(failed, "attempt")} failed`;
  print.note(dim(`${counted(completed, "task")} done${failures}.`));
}

async function over(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return;
  await new Promise<void>((resolve) => {
    any.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** One task: payload in, result out, and each end has its meaning. */
async function work(shift: Shift, job: Job, node: FoedusNode): Promise<Payload> {
  const { context, command, broken } = shift;
  const { world } = context;
  const startMs = world.clock.monotonic();
  const { task } = job;
  tell(context, job, dim("begins"), { event: "begins" });
  const ended = await run(command, {
    world,
    input: job.payload,
    env: { ...context.environment, ...told(job, node) },
    signal: job.signal,
    complains: (line) => context.print.note(dim(`${task.id}  `), line),
    progresses: (said) => job.progress(said),
  }).catch(async (error: unknown) => {
    if (!isBroken(error)) {
      const failed = new TaskFailed("NOT_STARTED", String(error));
      tellFailure(context, job, failed, spanText(world.clock.monotonic() - startMs));
      throw failed;
    }
    broken(error);
    // It goes back as it was: whoever has the command will do it.
    void shift.worker().close();
    await over(job.signal);
    throw job.signal.reason;
  });
  if (job.signal.aborted) {
    tell(context, job, warn(`stopped: ${reasonOf(job.signal)}`), { event: "stopped" });
    throw job.signal.reason;
  }
  const took = spanText(world.clock.monotonic() - startMs);
  try {
    const result = outcomeOf(ended);
    tell(context, job, good(`done in ${took}`), { event: "done" });
    return result;
  } catch (error) {
    if (error instanceof TaskFailed) tellFailure(context, job, error, took);
    throw error;
  }
}

/** What a command learns of its task beside the payload. */
function told({ task, kind, attempt, fence, timeLeftMs }: Job, node: FoedusNode) {
  const leftMs = timeLeftMs();
  return {
    FOEDUS_TASK_ID: task.id,
    FOEDUS_TASK_QUEUE: task.spec?.queue ?? "",
    FOEDUS_TASK_KIND: kind,
    FOEDUS_TASK_ATTEMPT: String(attempt),
    FOEDUS_TASK_FENCE: String(fence),
    FOEDUS_TASK_DEADLINE: Number.isFinite(leftMs) ? utcText(node.hubNow() + leftMs) : "",
    FOEDUS_TASK_TYPE: task.spec?.payload?.contentType ?? "",
  };
}

function tellFailure(context: CliContext, job: Job, error: TaskFailed, took: string): void {
  const last = error.message.split("\n").at(-1) ?? "";
  const final = error.isFinal ? ", for good" : "";
  const text = `failed after ${took}${final}: ${error.reason}: ${last}`;
  tell(context, job, bad(text), { event: "failed", reason: error.reason, final: error.isFinal });
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}

type Told = Readonly<Record<string, string | boolean>>;

function tell({ print }: CliContext, { task, kind, attempt }: Job, what: Piece, told: Told): void {
  if (print.output === "json") print.json({ taskId: task.id, kind, attempt, ...told });
  else print.line(strong(task.id), ` ${kind}, attempt ${attempt}: `, what);
}

function unusable(file: string, error: unknown): Fault {
  const detail = error instanceof Error ? error.message : String(error);
  return new Fault(Reason.FILE_UNUSABLE, { file, done: "run", detail }, { cause: error });
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus task work" });
}
