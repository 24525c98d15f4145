import { Command, CommanderError, Help, Option } from "commander";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import { nouns, type Noun } from "./commands.ts";
import type { CliContext, GlobalOptions } from "./context.ts";
import { isColourful, openContext } from "./context.ts";
import { Ended } from "./end.ts";
import { exitCodeOf, exitCodes } from "./exit.ts";
import { rootHelp } from "./help.ts";
import { openInterrupts, type Interrupts } from "./interrupt.ts";
import { paintWith } from "./paint.ts";
import type { Environment } from "./session.ts";
import { ownVersion } from "./version.ts";
import { suggestion } from "./words/nearest.ts";

/** Runs one command line and says how the process should end. */
export async function runCli(
  args: readonly string[],
  world: World,
  environment: Environment,
): Promise<number> {
  const interrupts = openInterrupts(world.clock);
  const program = newProgram(environment);
  const options = () => program.opts<GlobalOptions>();
  const context = openContext({ world, environment, interrupts, options });
  try {
    const wanted = wantedLine(args);
    const noun = nounOf(program.parseOptions([...wanted]).operands[0]);
    if (noun !== undefined) (await noun.load()).register(program, context);
    await program.parseAsync([...wanted], { from: "user" });
    // A command that is meant to run until it is stopped says so by an exit code of its own.
    return Number(process.exitCode ?? (interrupts.came ? exitCodes.interrupted : exitCodes.ok));
  } catch (thrown) {
    return await endWith(thrown, { args, program, context, interrupts });
  }
}

function newProgram(environment: Environment): Command {
  const program = new Command("foedus");
  const paint = () => {
    const { color = "auto" } = program.opts<Partial<GlobalOptions>>();
    return paintWith(isColourful(color, process.stdout.isTTY, environment));
  };
  program
    .version(ownVersion())
    .addOption(new Option("--data <folder>").hideHelp())
    .addOption(new Option("--context <name>").hideHelp())
    .addOption(new Option("--output <form>").choices(["text", "json"]).default("text").hideHelp())
    .addOption(
      new Option("--color <when>").choices(["auto", "always", "never"]).default("auto").hideHelp(),
    )
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      formatHelp: (command, helper) => {
        if (command === program) return rootHelp(paint());
        return `${Help.prototype.formatHelp.call(helper, command, helper)}${everywhere}`;
      },
    })
    .action(() => program.outputHelp());
  return program;
}

/** What every command understands stands on the first page only, and is named on the others. */
const everywhere =
  "\nAlso: --data FOLDER, --context NAME, --output text|json, --color auto|always|never (see foedus --help).\n";

/** `foedus help node list` is `foedus node list --help`. */
function wantedLine(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  return first === "help" ? [...rest, "--help"] : args;
}

/** @throws Fault COMMAND_INVALID for a first word that is no noun of ours. */
function nounOf(typed: string | undefined): Noun | undefined {
  if (typed === undefined) return undefined;
  const found = nouns.find((noun) => noun.name === typed);
  if (found !== undefined) return found;
  const near = suggestion(
    typed,
    nouns.map((noun) => noun.name),
  );
  const problem = `there is no command "${typed}"${near}`;
  throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus" });
}

interface Run {
  readonly args: readonly string[];
  readonly program: Command;
  readonly context: CliContext;
  readonly interrupts: Interrupts;
}

async function endWith(
  thrown: unknown,
  { args, program, context, interrupts }: Run,
): Promise<number> {
  if (interrupts.came) return exitCodes.interrupted;
  if (thrown instanceof Ended) {
    if (thrown.message !== "") context.print.note(thrown.message);
    return thrown.exitCode;
  }
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok;
  if (thrown instanceof CommanderError && thrown.code === "commander.help") return exitCodes.usage;
  const { failureOf, tellFailure } = await import("./failure.ts");
  const meant = thrown instanceof CommanderError ? usageFault(thrown, program, args) : thrown;
  const failure = await failureOf(meant);
  if (failure !== undefined) {
    tellFailure(context.print, failure);
    return exitCodeOf(failure.reason);
  }
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  for (const line of [
    "foedus: a defect of this command; please report it:",
    ...trace.split("\n"),
  ]) {
    context.print.note(line);
  }
  return exitCodes.failed;
}

/** Commander says "error: unknown option '--x'\n(Did you mean --y?)". */
function usageFault({ message }: CommanderError, program: Command, args: readonly string[]): Fault {
  const [whole = "", hint = ""] = message.replace(/^error: /, "").split("\n");
  const first = whole.replace(
    /^command-argument value ('.*?') is invalid for argument '(.*?)'\./,
    "$1 is no $2.",
  );
  const meant = /^\(Did you mean (.*)\?\)$/.exec(hint)?.[1];
  const problem = meant === undefined ? first : `${first}; did you mean ${meant}?`;
  const command = ["foedus", ...typedCommands(program, args)].join(" ");
  return new Fault(Reason.COMMAND_INVALID, { problem, command });
}

/** The words of a command line that are commands, e.g. "node", "list". */
function typedCommands(program: Command, args: readonly string[]): string[] {
  const words: string[] = [];
  let at = program;
  for (const arg of args) {
    const next = at.commands.find((command) => command.name() === arg);
    if (next === undefined) continue;
    words.push(arg);
    at = next;
  }
  return words;
}
