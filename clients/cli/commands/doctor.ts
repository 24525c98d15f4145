import type { Command } from "commander";
import type { CliContext } from "../context.ts";

/** `foedus doctor [--node DIR]`. */
export function register(program: Command, context: CliContext): void {
  program
    .command("doctor")
    .description("Finds what is wrong with the hub, or with a node, and the line that mends it.")
    .option("--node <folder>", "look from a node's folder instead")
    .action(async (options: { readonly node?: string }) => {
      await (await import("../doctor/doctor.ts")).examine(context, options.node);
    });
}
