import type { JsonObject } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { allReasons, explanationOf, Fault, reasonName, reasonNamed } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOf } from "../exit.ts";
import { strong } from "../paint.ts";
import type { Print } from "../print.ts";
import { suggestion } from "../words/nearest.ts";

/** `foedus explain [REASON]`. */
export function register(program: Command, context: CliContext): void {
  program
    .command("explain")
    .description("Says what a reason means, what brings it about, and what mends it.")
    .argument("[reason]", "as a failure names it, e.g. TOKEN_USED; without one: all of them")
    .action(async (typed: string | undefined) => {
      if (typed === undefined) await list(context.print);
      else await show(context.print, reasonTyped(typed));
    });
}

/** The reason somebody means, however they spell it. @throws Fault EXPLANATION_MISSING */
export function reasonTyped(typed: string): Reason {
  const name = typed
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, "_")
    .replace(/^REASON_/, "");
  const reason = reasonNamed(name);
  if (reason !== undefined && reason !== Reason.UNSPECIFIED) return reason;
  const near = suggestion(name, allReasons().map(reasonName));
  throw new Fault(Reason.EXPLANATION_MISSING, { name, suggestion: near });
}

/** Everything a program may want to know of a reason. */
export function explained(reason: Reason): JsonObject {
  const { code, template, cause, fix } = explanationOf(reason);
  const name = reasonName(reason);
  return { reason: name, number: reason, code, exitCode: exitCodeOf(reason), template, cause, fix };
}

async function list(print: Print): Promise<void> {
  if (print.output === "json") {
    for (const reason of allReasons()) print.json(explained(reason));
    return;
  }
  const rows = allReasons().map((reason) => {
    return [reasonName(reason), readable(explanationOf(reason).template)];
  });
  await print.table(["REASON", "WHAT IS WRONG"], rows);
  print.note("");
  print.note("One in full: foedus explain REASON");
}

async function show(print: Print, reason: Reason): Promise<void> {
  if (print.output === "json") return print.json(explained(reason));
  const { code, template, cause, fix } = explanationOf(reason);
  print.line(strong(reasonName(reason)));
  await print.pairs([
    ["What is wrong", readable(template)],
    ["Why", cause],
    ["To mend it", readable(fix)],
    ["On the wire", code],
    ["Exit code", String(exitCodeOf(reason))],
  ]);
}

/** "{token_id}" stands for something that only a failure knows. */
function readable(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => `<${name.replaceAll("_", " ")}>`);
}
