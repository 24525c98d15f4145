import { shellWord } from "../../parts/shell-word.ts";
import type { EventView } from "./view.ts";

/** What of a view the command line is told. */
export type CliWish = Omit<EventView, "selected">;

/** The command that prints the same list. */
export function replayCommand(wish: CliWish): string {
  return `npx foedus event replay${flagsOf(wish)}`;
}

/** The command that prints the same list and goes on as it grows. */
export function tailCommand(wish: CliWish): string {
  return `npx foedus event tail${flagsOf(wish)}`;
}

/** The command that prints one event and proves it. */
export function showCommand(cursor: bigint): string {
  return `npx foedus event show ${cursor}`;
}

function flagsOf(wish: CliWish): string {
  const { types, except, sources, subject, words, since, until, depth } = wish;
  const flags = [
    ...types.map((type) => ["--type", type]),
    ...except.map((type) => ["--except", type]),
    ...sources.map((source) => ["--node", source]),
    ...(subject === undefined ? [] : [["--subject", subject]]),
    ...(words.trim() === "" ? [] : [["--words", words.trim()]]),
    ...(since === undefined ? [] : [["--since", since]]),
    ...(until === undefined ? [] : [["--until", until]]),
    ["--last", String(depth)],
  ];
  return flags.map(([flag = "", value = ""]) => ` ${flag} ${shellWord(value)}`).join("");
}
