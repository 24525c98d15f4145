import type { Command } from "commander";
import type { CliContext } from "../context.ts";

/** `foedus link list | show`. */
export function register(program: Command, context: CliContext): void {
  const link = program.command("link").description("Links: what passes between nodes and hub.");
  link
    .command("list")
    .description("Lists the links: live or away, messages, round trips, errors, breaker.")
    .action(async () => (await import("../link/list.ts")).listLinks(context));
  link
    .command("show")
    .description("Tells what both ends of one link agreed on, and what passed.")
    .argument("<node>", "its name or id")
    .action(async (node: string) => (await import("../link/show.ts")).showLink(context, node));
}
