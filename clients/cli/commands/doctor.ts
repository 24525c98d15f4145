import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import type { DoctorOptions } from "../doctor/doctor.ts";

const examples = `
Without --node it looks at the hub of --data, or at the one of your context. Each finding that is
not well says why it matters and what mends it, in one line to paste where there is one.
It ends with 1 when something is wrong, and with 0 when something is only doubtful.
`;

/** `foedus doctor [--node DIR]`. */
export function register(program: Command, context: CliContext): void {
  program
    .command("doctor")
    .description("Finds what is wrong with the hub, or with a node, and the line that mends it.")
    .option("--node <folder>", "look from a node's folder instead")
    .option("--config <file>", "the hub's config file, where it was started with one")
    .addHelpText("after", examples)
    .action(async (options: DoctorOptions) => {
      await (await import("../doctor/doctor.ts")).examine(context, options);
    });
}
