import { newId } from "@foedus/kernel/ids.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubClient } from "./hub-client.ts";
import type { Interrupts } from "./interrupt.ts";
import type { Output, Print, Sink } from "./print.ts";
import { printTo } from "./print.ts";
import { findSession, type Environment, type HubSession } from "./session.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What every command is handed. What depends on options is known once an action runs. */
export interface CliContext {
  readonly world: World;
  readonly environment: Environment;
  /** Everything that is said goes through here. */
  readonly print: Print;
  readonly terminal: Terminal;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
  /** What `--data` names; undefined without it. */
  readonly named: string | undefined;
  /** The data folder of the hub: `--data`, else FOEDUS_DATA, else `.foedus`. */
  readonly folder: string;
  /** The hub, as the person whose session is at hand. @throws Fault NO_SESSION */
  hub(): Promise<HubClient>;
  /** Where `hub()` connects to, and as whom. @throws Fault NO_SESSION */
  session(): HubSession;
  /** Names a decision, so that repeating it is one effect. */
  newRequestId(): string;
}

/** Options that every command understands, wherever they stand. */
export interface GlobalOptions {
  readonly data?: string;
  readonly context?: string;
  readonly output: Output;
  readonly color: "auto" | "always" | "never";
}

/** What a context is made of. */
export interface ContextKit {
  readonly world: World;
  readonly environment: Environment;
  readonly interrupts: Interrupts;
  readonly options: () => GlobalOptions;
}

const usualFolder = ".foedus";

/** The context of one run. */
export function openContext({ world, environment, interrupts, options }: ContextKit): CliContext {
  let print: Print | undefined;
  let hub: HubClient | undefined;
  const session = () => findSession(options(), environment, folder());
  const folder = () => options().data ?? environment.FOEDUS_DATA ?? usualFolder;
  const sink = (stream: NodeJS.WriteStream): Sink => ({
    write: (text) => void stream.write(text),
    colour: isColourful(options().color, stream.isTTY, environment),
    isTerminal: stream.isTTY,
  });
  return {
    world,
    environment,
    terminal: openTerminal(() => interrupts.signal),
    session,
    get print() {
      return (print ??= printTo(options().output, sink(process.stdout), sink(process.stderr)));
    },
    get signal() {
      return interrupts.signal;
    },
    get named() {
      return options().data;
    },
    get folder() {
      return folder();
    },
    async hub() {
      const { openHub } = await import("./hub-client.ts");
      return (hub ??= openHub({ world, signal: interrupts.signal, session }));
    },
    newRequestId: () => newId("cli", world),
  };
}

/** `--color` says it outright; else a terminal is painted unless NO_COLOR is set (no-color.org). */
export function isColourful(
  when: GlobalOptions["color"],
  isTerminal: boolean | undefined,
  { NO_COLOR = "", TERM }: Environment,
): boolean {
  if (when !== "auto") return when === "always";
  // Node leaves it out where there is no terminal, whatever its types say.
  return isTerminal === true && NO_COLOR === "" && TERM !== "dumb";
}
