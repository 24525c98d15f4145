import { InvalidArgumentError, type Command } from "commander";
import type { CliContext } from "../context.ts";
import {
  addContext,
  listContexts,
  removeContext,
  useContext,
  type AddOptions,
} from "../contexts/decide.ts";

/** `foedus context list | add | use | remove`. */
export function register(program: Command, context: CliContext): void {
  const noun = program.command("context").description("The hubs you talk to, by names of yours.");
  noun
    .command("list")
    .description("Lists them, and tells which one counts.")
    .action(() => listContexts(context));
  noun
    .command("add")
    .description("Saves a hub under a name.")
    .argument("<name>", "a name of yours", readContextName)
    .option("--folder <folder>", "the data folder of a hub on this machine")
    .option("--hub <address>", "the address of a hub elsewhere, e.g. https://hub.example:7080")
    .option("--session-file <file>", "a file with the session there; - reads standard input")
    .option("--use", "send commands there from now on")
    .action((name: string, options: AddOptions) => addContext(context, name, options));
  noun
    .command("use")
    .description("Sends commands to a saved hub from now on.")
    .argument("<name>", "its name")
    .action((name: string) => useContext(context, name));
  noun
    .command("remove")
    .description("Forgets a saved hub.")
    .argument("<name>", "its name")
    .action((name: string) => removeContext(context, name));
}

function readContextName(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError("a name has letters, digits, dots, hyphens and underscores.");
}
