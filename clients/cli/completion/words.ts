import { Command } from "commander";
import { nouns } from "../commands.ts";
import type { CliContext } from "../context.ts";

/** Options that every command understands. */
const everywhere = ["--data", "--context", "--output", "--color", "--help"];

/** What may be meant by the last of the words, which may be empty. */
export async function completionsOf(
  words: readonly string[],
  context: CliContext,
): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const starts = (word: string) => word.startsWith(typed);
  const path = before.filter((word) => !word.startsWith("-"));
  const noun = nouns.find(({ name }) => name === path[0]);
  if (noun === undefined) {
    const names = path.length === 0 ? nouns.map(({ name }) => name) : [];
    return [...names, ...optionsFor(typed, everywhere)].filter(starts);
  }
  const program = new Command("foedus");
  (await noun.load()).register(program, context);
  const at = deepest(program, path);
  const own = at.options.flatMap(({ long }) => (long === undefined ? [] : [long]));
  const children = at.commands.map((command) => command.name());
  const after = chosenOf(at, before.at(-1));
  if (after !== undefined) return after.filter(starts);
  return [...children, ...optionsFor(typed, [...own, ...everywhere])].filter(starts);
}

/** Options are offered to whoever began one: verbs come first. */
function optionsFor(typed: string, options: readonly string[]): readonly string[] {
  return typed.startsWith("-") ? options : [];
}

/** The command that the words have come to. */
function deepest(program: Command, path: readonly string[]): Command {
  let at = program;
  for (const word of path) at = at.commands.find((one) => one.name() === word) ?? at;
  return at;
}

const choices: Readonly<Record<string, readonly string[]>> = {
  "--output": ["text", "json"],
  "--color": ["auto", "always", "never"],
  "--role": ["observer", "member", "admin"],
};

/** What may follow an option; undefined when the word before is none that takes something. */
function chosenOf(at: Command, before: string | undefined): readonly string[] | undefined {
  if (before === undefined || !before.startsWith("--")) return undefined;
  if (choices[before] !== undefined) return choices[before];
  const option = at.options.find(({ long }) => long === before);
  // A name or a file of the user's own: the shell completes files by itself.
  return option?.required === true || ["--data", "--context"].includes(before) ? [] : undefined;
}
