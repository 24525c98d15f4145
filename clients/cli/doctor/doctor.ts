import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { bad, dim, good, strong, warn, type Toned } from "../paint.ts";
import type { Print } from "../print.ts";
import { counted } from "../words/plural.ts";
import type { Finding } from "./exam.ts";
import { openExam } from "./exam.ts";

const marks: Readonly<Record<Finding["state"], Toned>> = {
  good: good("ok     "),
  doubtful: warn("doubt  "),
  bad: bad("wrong  "),
  untried: dim("-      "),
};
const whatWidth = 17;
const indent = " ".repeat(7 + whatWidth + 1);

/** What `foedus doctor` takes. */
export interface DoctorOptions {
  /** A node's folder. */
  readonly node?: string;
  /** The hub's config file. */
  readonly config?: string;
}

/** Examines a hub, or a node by its folder. @throws Ended when something is wrong. */
export async function examine(context: CliContext, options: DoctorOptions): Promise<void> {
  const { print } = context;
  const exam = openExam((findings) => {
    if (print.output === "text") tell(print, findings);
  });
  if (options.node === undefined) {
    const { examineHub } = await import("./hub.ts");
    await examineHub(exam, context, options);
  } else {
    const { examineNode } = await import("./node.ts");
    await examineNode(exam, options.node, context);
  }
  const { findings } = exam;
  const wrong = findings.filter(({ state }) => state === "bad").length;
  if (print.output === "json") {
    print.json({ well: wrong === 0, findings: findings.map((finding) => ({ ...finding })) });
  } else {
    print.line();
    print.line(strong(verdict(findings, wrong)));
  }
  if (wrong > 0) throw new Ended(exitCodes.failed);
}

function tell(print: Print, findings: readonly Finding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  const { what, state, detail, why, cause, fix, line, reason } = first;
  const name = (findings.length === 1 ? what : `${findings.length} more`).padEnd(whatWidth);
  print.line(marks[state], name, " ", state === "untried" ? dim(`not tried: ${detail}`) : detail);
  if (cause !== "") print.line(indent, `Likely cause: ${cause}`);
  if (why !== "") print.line(indent, `Why it matters: ${why}`);
  if (fix === "") return;
  // A line to paste stands alone: a word behind it would be pasted with it.
  const named = reason === "" || line !== "" ? "" : ` (${reason})`;
  print.line(indent, "To mend it: ", strong(fix), named);
}

function verdict(findings: readonly Finding[], wrong: number): string {
  const doubts = findings.filter(({ state }) => state === "doubtful").length;
  if (wrong > 0) return `${counted(wrong, "thing")} wrong. Mend the first one, then look again.`;
  if (doubts > 0) return `Nothing is wrong; ${counted(doubts, "thing")} to look at.`;
  return "All is well.";
}
