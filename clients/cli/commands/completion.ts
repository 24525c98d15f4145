import { Argument, type Command } from "commander";
import type { CliContext } from "../context.ts";
import { installLines, scripts, shells, type Shell } from "../completion/scripts.ts";
import { completionsOf } from "../completion/words.ts";

/** `foedus completion bash | zsh | fish`. */
export function register(program: Command, context: CliContext): void {
  const { print } = context;
  const noun = program.command("completion").description("Lets your shell complete commands.");
  for (const shell of shells) {
    noun
      .command(shell)
      .description(`Prints what ${shell} has to read. For good: ${installLines[shell]}`)
      .action(() => tell(shell));
  }
  noun
    .command("words", { hidden: true })
    .addArgument(new Argument("[words...]"))
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      for (const word of await completionsOf(words, context)) print.line(word);
    });
  function tell(shell: Shell): void {
    for (const line of scripts[shell].trimEnd().split("\n")) print.line(line);
  }
}
