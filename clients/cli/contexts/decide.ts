import { resolve } from "node:path";
import { readFileSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { dim, good, strong, type Piece } from "../paint.ts";
import { hubAddress } from "../session.ts";
import { contextNamed, readContexts, writeContexts, type SavedContext } from "./contexts.ts";

/** What `context add` takes. */
export interface AddOptions {
  readonly hub?: string;
  readonly sessionFile?: string;
  readonly folder?: string;
  readonly use?: boolean;
}

/** Saves a hub under a name; an earlier one of that name is replaced. */
export function addContext(context: CliContext, name: string, options: AddOptions): void {
  const { environment, print } = context;
  const made = madeOf(name, options);
  const { current, all } = readContexts(environment);
  const others = all.filter((one) => one.name !== name);
  const now = options.use === true || current === "" ? name : current;
  const sorted = [...others, made].toSorted((a, b) => a.name.localeCompare(b.name));
  writeContexts(environment, { current: now, all: sorted });
  if (print.output === "json") return print.json({ name, current: now === name });
  const where = placeOf(made);
  print.line("Saved ", strong(name), `: ${where}.`);
  if (now === name) print.line("Commands go there from now on.");
  else print.line(`To go there: foedus context use ${name}`);
}

/** Makes a context the one that counts. */
export function useContext({ environment, print }: CliContext, name: string): void {
  const contexts = readContexts(environment);
  const found = contextNamed(contexts, name);
  writeContexts(environment, { ...contexts, current: name });
  if (print.output === "json") return print.json({ name, current: true });
  print.line("Commands go to ", strong(name), ` from now on: ${placeOf(found)}.`);
}

/** Forgets a context. */
export function removeContext({ environment, print }: CliContext, name: string): void {
  const contexts = readContexts(environment);
  contextNamed(contexts, name);
  const current = contexts.current === name ? "" : contexts.current;
  writeContexts(environment, { current, all: contexts.all.filter((one) => one.name !== name) });
  if (print.output === "json") return print.json({ name, removed: true });
  print.line(`${name} is forgotten.`);
  if (current === "") print.line("Commands go to the hub of this folder (.foedus) again.");
}

/** Lists the contexts; never their sessions. */
export async function listContexts({ environment, print }: CliContext): Promise<void> {
  const { current, all } = readContexts(environment);
  if (print.output === "json") {
    const contexts = all.map(({ name, data, web }) => ({ name, data, web }));
    return print.json({ current, contexts });
  }
  if (all.length === 0) {
    print.line("There are no contexts. Save a hub under a name:");
    print.line();
    print.line("  foedus context add home --folder .foedus");
    print.line("  foedus context add work --hub https://hub.example:7080 --session-file FILE");
    return;
  }
  const rows = all.map((one): Piece[] => [
    one.name === current ? good("current") : dim("-"),
    one.name,
    placeOf(one),
  ]);
  await print.table(["", "CONTEXT", "HUB"], rows);
}

/** @throws Fault COMMAND_INVALID when it is not clear where the hub is */
function madeOf(name: string, { hub = "", sessionFile = "", folder = "" }: AddOptions) {
  const remote = hub !== "" || sessionFile !== "";
  if (remote === (folder !== "")) {
    throw invalid(
      "say where the hub is: --folder FOLDER, or --hub ADDRESS and --session-file FILE",
    );
  }
  if (!remote) return { name, data: resolve(folder), web: "", session: "" };
  if (hub === "") throw invalid("--session-file needs --hub");
  if (sessionFile === "") throw invalid("--hub needs --session-file");
  return { name, data: "", web: hubAddress(hub, "--hub"), session: secretIn(sessionFile) };
}

function secretIn(file: string): string {
  const unusable = (detail: string, cause?: unknown) =>
    new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  try {
    const secret = readFileSync(file === "-" ? 0 : file, "utf8").trim();
    if (/^[\w.~+/=-]{1,512}$/.test(secret)) return secret;
  } catch (cause) {
    throw unusable(cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw unusable("it holds no session");
}

function placeOf({ data, web }: SavedContext): string {
  return data === "" ? web : `the hub of ${data}`;
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus context add" });
}
