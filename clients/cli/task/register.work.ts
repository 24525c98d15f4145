import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { gather } from "../options.ts";
import { gatherPair, readNumber, readQueue, readSpan } from "./read.ts";
import type { WorkOptions } from "./work.ts";

const workHelp = `
Examples:
  foedus task work scans --data ./my-node -- ./scan.sh
  foedus task work mails --data ./my-node --concurrency 8 --kind welcome -- python3 send.py

The command runs once for each task: the payload is its standard input, its standard output the
result, and the last of its standard error the message of a failure. Its environment has
FOEDUS_TASK_ID, _QUEUE, _KIND, _ATTEMPT, _FENCE, _TYPE (of the payload) and _DEADLINE.
A line of standard error such as "foedus:progress 0.5 reading" says how far it has come: a part of 1,
words, or both. It is shown with the task, and is no part of a failure's message.
It ends with   0  done
              75  try again later (EX_TEMPFAIL), as the task's retry policy says
              64, 65, 66, 77, 78  failed for good (usage, data, input, permission, config)
              any other  failed; tried again as the policy says; --final-on EXIT_3 makes 3 final
A task that is called off, or whose time is over, gets SIGTERM, and SIGKILL four seconds later.
Ctrl-C takes no new tasks and lets those underway finish (--grace); what is not done is given back.
The node joined before: foedus node join.
`;

/** `foedus task work QUEUE -- COMMAND`. */
export function registerWork(task: Command, context: CliContext): void {
  task
    .command("work")
    .description("Does tasks of a queue: runs a command for each, until Ctrl-C.")
    .argument("<queue>", "which tasks", readQueue)
    .argument("[command...]", "what is run, behind --")
    .option("--folder <folder>", "where the node keeps who it is (else --data)")
    .option("--name <name>", "the worker's name; two of a node at one queue need two")
    .option("--kind <kind>", "only tasks of this kind; many times (default: all)", gather)
    .option("--offer <word>", "what tasks may need, e.g. ocr; many times", gather)
    .option("--label <name=value>", "a word that tasks may need; many times", gatherPair)
    .option("--model <model>", "a model that it can run; many times", gather)
    .option("--concurrency <count>", "tasks at once (default: 1)", readNumber)
    .option("--grace <time>", "how long those underway may take to finish (30s)", readSpan)
    .addHelpText("after", workHelp)
    .action(async (queue: string, command: readonly string[], options: WorkOptions) => {
      await (await import("./work.ts")).workWith(context, queue, command, options);
    });
}
