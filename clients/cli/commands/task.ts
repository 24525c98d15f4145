import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import type { DeadOptions } from "../task/dead.ts";
import type { RetryOptions } from "../task/decide.ts";
import type { ListOptions } from "../task/list.ts";
import {
  gatherPair,
  gatherState,
  gatherTask,
  readInstant,
  readLater,
  readNumber,
  readQueue,
  readSpan,
  readTask,
} from "../task/read.ts";
import { registerQueues, registerSchedules } from "../task/register.queues.ts";
import { payloaded, termed } from "../task/register.terms.ts";
import { registerWork } from "../task/register.work.ts";
import type { SubmitOptions } from "../task/submit.ts";

const taskHelp = `
A task waits in a queue until a worker that fits takes it. Each wait has a reason:
  foedus task submit scans scan --json '{"path":"/srv"}'
  foedus task explain task_0…                              why it waits, and what ends that
  foedus task queues                                       what waits where
docs/tasks.md tells the rest.
`;

const submitHelp = `
Examples:
  foedus task submit scans scan --json '{"path":"/srv"}' --priority 8
  foedus task submit scans scan --in 5m --unique nightly --wait
  tar c src | foedus task submit builds build - --timeout 10m --attempts 3
  foedus task submit scans --batch scans.jsonl

A line of a batch is an object: kind, queue, json or text, and whatever a task's terms are called in
the schema, e.g. {"kind":"scan","json":{"path":"/srv"},"priority":8,"dependsOn":["#0"]}. "#0" is the
task of the first line. Up to 1,000 lines are all taken or none; of more, each thousand is.
With --wait the result is on standard output, and the command ends with 0 if the task was completed,
1 if it failed and 6 if it was called off. With --batch --wait each task is a line as it ends, and the
command ends with 0 if all were completed.
`;

/** `foedus task submit | list | show | explain | cancel | retry | queues | ...`. */
export function register(program: Command, context: CliContext): void {
  const task = program
    .command("task")
    .description("Work with a holder, a deadline and a reason for every wait.")
    .addHelpText("after", taskHelp);
  registerSubmit(task, context);
  registerLooks(task, context);
  registerDecisions(task, context);
  registerQueues(task, context);
  registerSchedules(task, context);
  registerWork(task, context);
}

type Word = string | undefined;

function registerSubmit(task: Command, context: CliContext): void {
  const submit = task
    .command("submit")
    .description("Asks for work: one task, or all of a file.")
    .argument("[queue]", "the line it waits in; made by its first task", readQueue)
    .argument("[kind]", "what is to be done; workers choose by it")
    .argument("[input]", "- reads the payload from standard input");
  termed(payloaded(submit))
    .option("--unique <key>", "no second one while a task with this key has not ended")
    .option("--after <task>", "not before this one was completed; many times", gatherTask)
    .option("--at <instant>", "not before, e.g. 2026-11-21T09:30Z", readInstant)
    .option("--in <time>", "not before this much later, e.g. 5m", readSpan)
    .option("--deadline <when>", "after this nobody needs it: 2h, or an instant", readLater)
    .option("--batch <file>", "one task a line, as JSON; - reads standard input")
    .option("--wait", "follow it to its end and print the result; with --batch, all of them")
    .addHelpText("after", submitHelp)
    .action(async (queue: Word, kind: Word, input: Word, options: SubmitOptions) => {
      const wanted = { queue, kind, input };
      const { submitTask } = await import("../task/submit.ts");
      if (options.batch === undefined) return await submitTask(context, wanted, options);
      await (await import("../task/batch.ts")).submitBatch(context, wanted, options);
    });
}

function registerLooks(task: Command, context: CliContext): void {
  task
    .command("list")
    .description("Lists tasks, the newest first; those that ended as long as they are kept.")
    .option("--queue <queue>", "only of this queue", readQueue)
    .option("--state <state>", "only so: ready, working, failed, ...; many times", gatherState)
    .option("--failed", "only dead letters: --state failed")
    .option("--kind <kind>", "only of this kind")
    .option("--node <node>", "only what this node holds, or held last; by name or id")
    .option("--label <name=value>", "only with this label; many times", gatherPair)
    .option("--parent <task>", "only children of this task", readTask)
    .option("--last <count>", "as many at most (default: 50)", readNumber)
    .action(async (options: ListOptions) => {
      await (await import("../task/list.ts")).listTasks(context, options);
    });
  const one = (name: string, text: string, look: (id: string) => Promise<void>) =>
    task.command(name).description(text).argument("<task>", "its id", readTask).action(look);
  one("show", "Shows one task: its terms, its steps, payload and result.", async (id) =>
    (await import("../task/show.ts")).showTask(context, id),
  );
  one("steps", "Lists all that happened to a task.", async (id) =>
    (await import("../task/show.ts")).listSteps(context, id),
  );
  one("watch", "Shows each change of a task as it happens, until it has ended.", async (id) =>
    (await import("../task/watch.ts")).watchTask(context, id),
  );
  one("result", "Writes the result of a task to standard output, and nothing else.", async (id) =>
    (await import("../task/result.ts")).printResult(context, id),
  );
  one("explain", "Says why a task waits, who can end that, and who could take it.", async (id) =>
    (await import("../task/explain.ts")).explainTask(context, id),
  );
}

function registerDecisions(task: Command, context: CliContext): void {
  task
    .command("cancel")
    .description("Calls a task off; whoever works on it is told to stop.")
    .argument("<task>", "its id", readTask)
    .option("--reason <text>", "why; shown to everybody who asks")
    .action(async (id: string, options: { readonly reason?: string }) => {
      await (await import("../task/decide.ts")).cancelTask(context, id, options);
    });
  task
    .command("retry")
    .description("Takes a task out of the dead letters: it is ready again.")
    .argument("[task]", "its id", readTask)
    .option("--queue <queue>", "with --all: all dead letters of this queue", readQueue)
    .option("--all", "all of them, not one")
    .option("--yes", "do not ask")
    .action(async (id: string | undefined, options: RetryOptions) => {
      await (await import("../task/decide.ts")).retryTask(context, id, options);
    });
  task
    .command("dead")
    .description("Lists the dead letters: what failed for good, and why.")
    .option("--queue <queue>", "only of this queue", readQueue)
    .option("--last <count>", "as many at most (default: 50)", readNumber)
    .action(async (options: DeadOptions) => {
      await (await import("../task/dead.ts")).listDead(context, options);
    });
}
