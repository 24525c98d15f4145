import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { readLifetime, readName, readRole } from "../options.ts";
import { cancelToken, createToken, listTokens, type CreateOptions } from "../token/token.ts";

/** `foedus token create | list | cancel`. */
export function register(program: Command, context: CliContext): void {
  const token = program.command("token").description("Rights to join once.");
  token
    .command("create")
    .description("Makes a token that admits one node, once, and shows it this one time.")
    .option("--name <name>", "the only name the node may take", readName)
    .option("--role <role>", "observer, member or admin (default: member)", readRole)
    .option("--lifetime <time>", "how long it admits, at most 24h (default: 15m)", readLifetime)
    .option("--token-out <file>", "write the token to a new file of yours, and do not show it")
    .action((options: CreateOptions) => createToken(context, options));
  token
    .command("list")
    .description("Lists tokens and what became of them, newest first.")
    .action(() => listTokens(context));
  token
    .command("cancel")
    .description("Takes an unused token back.")
    .argument("<token>", "its id, as `foedus token list` shows it: fjt_…")
    .action((id: string) => cancelToken(context, id));
}
