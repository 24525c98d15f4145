import { allReasons, reasonName } from "@foedus/kernel/fault.ts";
import { exitCodeOf, exitCodes } from "../../clients/cli/exit.ts";
import { anchor, page, table, type Page } from "./markdown.ts";

/** What each code tells; a code without words does not compile. */
const meanings: Record<keyof typeof exitCodes, string> = {
  ok: "it is done",
  failed: "it did not succeed, for a reason below, a check that failed, or a no to a question",
  usage: "the command line, a file or a value cannot be used",
  notFound: "what was named does not exist",
  notAllowed: "whoever asks may not, or has not proved who it is",
  unreachable: "nobody answers, or not in time: the same command may work later",
  conflict: "something stands in the way that somebody must change first",
  interrupted: "Ctrl-C or another signal ended it",
};

/** How the `foedus` command ends, for programs that run it. */
export function exitCodesPage(): Page {
  const summary = "how the `foedus` command ends, for programs that run it";
  const rows = Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    meanings[name as keyof typeof exitCodes],
    reasonsOf(code).join(", "),
  ]);
  return page("exit-codes.md", "Exit codes", summary, [
    `With \`--output json\` a failure is also told as one JSON object on standard error. The number follows
from the reason's status code.`,
    table(["code", "meaning", "reasons"], rows),
  ]);
}

function reasonsOf(code: number): string[] {
  const names = allReasons()
    .filter((reason) => exitCodeOf(reason) === code)
    .map(reasonName);
  return names.map((name) => `[${name}](reasons.md#${anchor(name)})`);
}
