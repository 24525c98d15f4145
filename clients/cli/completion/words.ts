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
  const path = withoutOptions(before);
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
  if (children.length === 0) children.push(...argumentsOf(at, path));
  return [...children, ...optionsFor(typed, [...own, ...everywhere])].filter(starts);
}

/** The nouns, verbs and names among the words; `--data X` stands before a noun as well. */
function withoutOptions(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => {
    const taken = everywhere.includes(words[at - 1] ?? "") && words[at - 1] !== "--help";
    return !taken && !word.startsWith("-");
  });
}

/** What may be said where a command takes one of a few words. */
function argumentsOf(at: Command, path: readonly string[]): readonly string[] {
  const said = path.length - 1 - path.lastIndexOf(at.name());
  return positions[at.registeredArguments[said]?.name() ?? ""] ?? [];
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

const roles = ["observer", "member", "admin"];

/** By the name of the argument. */
const positions: Readonly<Record<string, readonly string[]>> = {
  mode: ["open", "approval", "invite"],
  role: roles,
  level: ["basic", "verified", "partner"],
  list: ["allow", "block"],
  use: ["works-for", "hands-up", "both", "off"],
};

const choices: Readonly<Record<string, readonly string[]>> = {
  "--output": ["text", "json"],
  "--color": ["auto", "always", "never"],
  "--role": roles,
  "--state": ["ready", "working", "completed", "failed", "canceled", "scheduled", "blocked"],
};

/** What may follow an option; undefined when the word before is none that takes something. */
function chosenOf(at: Command, before: string | undefined): readonly string[] | undefined {
  if (before === undefined || !before.startsWith("--")) return undefined;
  if (choices[before] !== undefined) return choices[before];
  const option = at.options.find(({ long }) => long === before);
  // A name or a file of the user's own: the shell completes files by itself.
  return option?.required === true || ["--data", "--context"].includes(before) ? [] : undefined;
}
