import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import type { FilterOptions } from "../event/filter.ts";
import { gather, readCount, readCursor, readMoment } from "../options.ts";

/** `foedus event tail | replay | show | request`. */
export function register(program: Command, context: CliContext): void {
  const event = program.command("event").description("The log of signed facts.");
  filtered(event.command("tail"), "go on behind this cursor (default: only what comes now)")
    .description(
      "Shows events as they come, until Ctrl-C; goes on where it was when the hub returns.",
    )
    .action(async (options: FilterOptions) => {
      await (await import("../event/stream.ts")).streamEvents(context, options, false);
    });
  filtered(event.command("replay"), "begin behind this cursor (default: all that is kept)")
    .description("Shows what is kept, in the order of the log, and ends.")
    .action(async (options: FilterOptions) => {
      await (await import("../event/stream.ts")).streamEvents(context, options, true);
    });
  event
    .command("show")
    .description(
      "Shows one event and proves it here: its place under a signed root, and whose key.",
    )
    .argument("<cursor>", "its place in the log, e.g. 12", readCursor)
    .action(async (cursor: bigint) => {
      await (await import("../event/show.ts")).showEvent(context, cursor);
    });
  event
    .command("request")
    .description("Asks every instance to read its folder and tell all of it now.")
    .option("--reason <text>", "why; the instances are told")
    .action(async (options: { reason?: string }) => {
      await (await import("../event/request.ts")).requestSummaries(context, options);
    });
}

function filtered(command: Command, after: string): Command {
  return command
    .option("--type <family>", "only this family, e.g. telemetry_sync or hub.*; many times", gather)
    .option("--except <family>", "all but this family; many times", gather)
    .option("--node <node>", "only of this node, by name or id, or hub; many times", gather)
    .option("--subject <subject>", "only about this; many times", gather)
    .option("--words <words>", "only what says all of these words")
    .option(
      "--since <time>",
      "only what was stored from then on, e.g. 15m or 2026-11-21",
      readMoment,
    )
    .option("--until <time>", "only what was stored before then", readMoment)
    .option("--after <cursor>", after, readCursor)
    .option("--last <count>", "look through so many newest places of the log", readCount)
    .option("--verify", "check each signature and proof here");
}
