import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault, explanationOf, reasonName } from "@foedus/kernel/fault.ts";
import { exitCodeOf } from "./exit.ts";
import { strong, type Piece } from "./paint.ts";
import type { Print } from "./print.ts";

/** A failure in words: what is wrong, why, and what mends it. */
export interface Failure {
  readonly reason: Reason;
  readonly message: string;
  readonly because: string;
  readonly fix: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Whatever was thrown, in words; undefined when nobody foresaw it: a defect. */
export async function failureOf(thrown: unknown): Promise<Failure | undefined> {
  if (thrown instanceof Fault) return failureOfFault(thrown);
  const { FoedusError } = await import("@foedus/sdk/error.ts");
  const { ConnectError } = await import("@connectrpc/connect");
  const known = causesOf(thrown).find((cause) => cause instanceof FoedusError);
  const carried = causesOf(thrown).some((cause) => cause instanceof ConnectError);
  if (known === undefined && !carried) return undefined;
  const { errorOf } = await import("@foedus/sdk/error.wire.ts");
  const { reason, message, because, fix, facts } = known ?? errorOf(thrown);
  return { reason, message, because, fix: remedyOf(reason, fix, facts), facts };
}

function failureOfFault({ reason, message, facts }: Fault): Failure {
  const { cause, fix } = explanationOf(reason);
  return { reason, message, because: cause, fix: remedyOf(reason, fix, facts), facts };
}

/** Where things of a kind are listed, by how the message calls them. */
const lists: Readonly<Record<string, string>> = {
  "wish ": "access requests",
  "rule ": "access rules",
  "peer ": "peer list",
  "link ": "link list",
  "tenant ": "tenant list",
  "token ": "token list",
  "cycle ": "learning cycles",
  "conflict ": "sync conflicts",
  "stream ": "sync status",
  "task ": "task list",
  "queue ": "task queues",
  "schedule ": "task schedules",
};

/** Something that is not there is looked for in the list of its kind. */
function remedyOf(reason: Reason, fix: string, facts: Failure["facts"]): string {
  if (reason !== Reason.NOT_FOUND) return filled(fix, facts);
  const { object = "" } = facts;
  const kind = Object.keys(lists).find((word) => object.startsWith(word));
  return kind === undefined ? filled(fix, facts) : `list what there is: \`foedus ${lists[kind]}\``;
}

/** A remedy may name what the failure is about, as the message does. */
function filled(text: string, facts: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, key: string) => facts[key] ?? place);
}

function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = thrown; at instanceof Error && !causes.includes(at); at = at.cause) causes.push(at);
  return causes;
}

/** Tells a failure: to people in three lines, to programs as one line of JSON. */
export function tellFailure(print: Print, failure: Failure): void {
  const reason = reasonName(failure.reason);
  const { message, because, fix, facts } = failure;
  if (print.output === "json") {
    const exitCode = exitCodeOf(failure.reason);
    print.errorJson({
      error: { reason, message, cause: because, fix, facts: { ...facts }, exitCode },
    });
    return;
  }
  for (const line of failureLines(failure)) print.note(...line);
}

/** The three lines of a failure. */
export function failureLines({ reason, message, because, fix }: Failure): Piece[][] {
  return [
    [strong("foedus: "), sentence(message)],
    ["Why: ", sentence(because)],
    ["To mend it: ", fix, ` (${reasonName(reason)})`],
  ];
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
