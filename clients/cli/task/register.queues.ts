import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import {
  gatherWeight,
  readNumber,
  readParentWord,
  readQueue,
  readRate,
  readSchedule,
  readSpan,
  type ParentWord,
  type Weights,
} from "./read.ts";
import { payloaded, termed } from "./register.terms.ts";
import type { ScheduleOptions } from "./schedule.ts";
import type { DefaultOptions } from "./settings.ts";

/** `foedus task queues | queue | pause | resume | rate | weight | defaults | parent | workers`. */
export function registerQueues(task: Command, context: CliContext): void {
  task
    .command("queues")
    .description("Lists the queues: what waits, since when, how fast it goes, who works.")
    .option("--watch", "go on showing what changes, until Ctrl-C")
    .action(async ({ watch }: { readonly watch?: boolean }) => {
      if (watch === true) await (await import("./top.ts")).watchQueues(context);
      else await (await import("./queues.ts")).listQueues(context);
    });
  task
    .command("queue")
    .description("Shows one queue: by priority and fairness key, and how it is run.")
    .argument("<queue>", "its name", readQueue)
    .action(async (queue: string) => (await import("./queues.ts")).showQueue(context, queue));
  task
    .command("workers")
    .description("Lists who works, and what they hold.")
    .option("--queue <queue>", "only of this queue", readQueue)
    .action(async (options: { readonly queue?: string }) => {
      await (await import("./workers.ts")).listWorkers(context, options);
    });
  registerSettings(task, context);
}

function registerSettings(task: Command, context: CliContext): void {
  task
    .command("pause")
    .description("Lets nothing more be claimed from a queue; submitting goes on.")
    .argument("<queue>", "its name", readQueue)
    .option("--reason <text>", "why; shown wherever a task waits for it")
    .action(async (queue: string, options: { readonly reason?: string }) => {
      await (await import("./settings.ts")).pauseQueue(context, queue, options);
    });
  task
    .command("resume")
    .description("Lets a paused queue go on.")
    .argument("<queue>", "its name", readQueue)
    .action(async (queue: string) => (await import("./settings.ts")).resumeQueue(context, queue));
  task
    .command("rate")
    .description("Says how fast a queue may be worked off, over all workers.")
    .argument("<queue>", "its name", readQueue)
    .argument("<rate>", "e.g. 60/min, 5/s, 120/h, or none", readRate)
    .option("--burst <count>", "as many at once after a pause", readNumber)
    .action(async (queue: string, rate: number, options: { readonly burst?: number }) => {
      await (await import("./settings.ts")).setRate(context, queue, rate, options);
    });
  task
    .command("weight")
    .description("Says what fairness keys weigh: a key of weight 2 gets two turns for one.")
    .argument("<queue>", "its name", readQueue)
    .argument("[weight...]", "each KEY=WEIGHT; others stay as they are", gatherWeight)
    .option("--only", "these and no others: the rest weighs 1 again")
    .action(async (queue: string, weights: Weights = {}, options: { readonly only?: boolean }) => {
      await (await import("./settings.ts")).setWeights(context, queue, weights, options);
    });
  task
    .command("defaults")
    .description("Says what tasks of a queue get that say nothing; what is not named stays.")
    .argument("<queue>", "its name", readQueue)
    .option("--timeout <time>", "how long an attempt may take", readSpan)
    .option("--heartbeat <time>", "the longest silence of a worker", readSpan)
    .option("--start-within <time>", "from ready to the start, at most", readSpan)
    .option("--within <time>", "from submitting to the end, over all attempts", readSpan)
    .option("--attempts <count>", "in all", readNumber)
    .option("--depth <count>", "takes so many tasks that wait, at most", readNumber)
    .action(async (queue: string, options: DefaultOptions) => {
      await (await import("./settings.ts")).setDefaults(context, queue, options);
    });
  registerParent(task, context);
}

function registerParent(task: Command, context: CliContext): void {
  task
    .command("parent")
    .description("Says what a queue has to do with the one of its name at the hub above.")
    .argument("<queue>", "its name", readQueue)
    .argument("<use>", "works-for, hands-up, both or off", readParentWord)
    .action(async (queue: string, use: ParentWord) => {
      await (await import("./parent.ts")).setParentUse(context, queue, use);
    });
}

const scheduleHelp = `
Examples:
  foedus task schedule set nightly scans scan --cron "30 4 * * mon-fri" --zone Europe/Berlin
  foedus task schedule set beat checks ping --cron "*/5 * * * *" --skip-if-running --start-within 5m

The five fields are minute, hour, day of month, month and day of week, as in crontab(5).
`;

/** `foedus task schedule set | list | pause | resume | delete`. */
export function registerSchedules(task: Command, context: CliContext): void {
  task
    .command("schedules")
    .description("Lists the schedules: schedule list.")
    .action(async () => (await import("./schedule.ts")).listSchedules(context));
  const schedule = task
    .command("schedule")
    .description("Tasks that are submitted again and again, at set times.");
  schedule
    .command("list", { isDefault: true })
    .description("Lists the schedules with their next and last times.")
    .action(async () => (await import("./schedule.ts")).listSchedules(context));
  const set = schedule
    .command("set")
    .description("Makes a schedule, or puts another in place of the one with this name.")
    .argument("<name>", "what it is called", readSchedule)
    .argument("<queue>", "where its tasks wait", readQueue)
    .argument("<kind>", "what is to be done")
    .requiredOption("--cron <fields>", 'when, e.g. "30 4 * * mon-fri"')
    .option("--zone <zone>", "whose clocks that means, e.g. Europe/Berlin (default: UTC)", "");
  termed(payloaded(set))
    .option("--skip-if-running", "submit no other while one of it has not ended")
    .option("--catch-up <time>", "make up, once, for what was missed by less", readSpan)
    .option("--paused", "submit nothing until it is resumed")
    .addHelpText("after", scheduleHelp)
    .action(async (name: string, queue: string, kind: string, options: ScheduleOptions) => {
      const { setSchedule } = await import("./schedule.ts");
      await setSchedule(context, { name, queue, kind }, options);
    });
  const one = (word: string, text: string, act: (name: string) => Promise<void>) =>
    schedule
      .command(word)
      .description(text)
      .argument("<name>", "what it is called", readSchedule)
      .action(act);
  one("pause", "Lets a schedule submit nothing.", async (name) =>
    (await import("./schedule.ts")).pauseSchedule(context, name, true),
  );
  one("resume", "Lets a paused schedule go on with its next time.", async (name) =>
    (await import("./schedule.ts")).pauseSchedule(context, name, false),
  );
  one("delete", "Ends a schedule; tasks that it submitted go on.", async (name) =>
    (await import("./schedule.ts")).deleteSchedule(context, name),
  );
}
