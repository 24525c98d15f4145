import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseFields } from "../json.ts";
import type { Environment } from "../session.ts";

/** A hub that this user talks to, under a name of their own. */
export interface SavedContext {
  readonly name: string;
  /** The data folder of a hub on this machine; empty for one elsewhere. */
  readonly data: string;
  /** The address of the web listener of a hub elsewhere, and the session there. */
  readonly web: string;
  readonly session: string;
}

/** All of them, and which one counts. */
export interface Contexts {
  /** Empty when none does. */
  readonly current: string;
  readonly all: readonly SavedContext[];
}

const ownerOnly = 0o600;

/** Where contexts are kept: sessions are in it, so it is for its user alone. */
export function contextsFile(environment: Environment): string {
  const { XDG_CONFIG_HOME = "", HOME = "", USERPROFILE = "" } = environment;
  const home = HOME === "" ? USERPROFILE : HOME;
  const folder = XDG_CONFIG_HOME === "" ? join(home, ".config") : XDG_CONFIG_HOME;
  return join(folder, "foedus", "contexts.json");
}

/** None when there is no file. @throws Fault FILE_UNUSABLE for one that cannot be read. */
export function readContexts(environment: Environment): Contexts {
  const file = contextsFile(environment);
  try {
    const { current, contexts } = parseFields(readFileSync(file, "utf8"));
    if (!Array.isArray(contexts)) throw new Error("it holds no contexts");
    return { current: text(current), all: contexts.map(contextIn) };
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return { current: "", all: [] };
    }
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  }
}

/** Replaces the file as a whole, so that no crash leaves half of it. */
export function writeContexts(environment: Environment, { current, all }: Contexts): void {
  const file = contextsFile(environment);
  const words = `${JSON.stringify({ current, contexts: all }, undefined, 2)}\n`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, words, { mode: ownerOnly });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "written", detail }, { cause });
  }
}

/** The context of a name. @throws Fault CONTEXT_UNKNOWN, naming those that there are. */
export function contextNamed({ all }: Contexts, name: string): SavedContext {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = all.map((one) => one.name).join(", ");
  throw new Fault(Reason.CONTEXT_UNKNOWN, { name, known: known === "" ? "none" : known });
}

function contextIn(value: unknown): SavedContext {
  const { name, data, web, session } = { ...(value as Partial<SavedContext>) };
  if (text(name) === "") throw new Error("a context has no name");
  return { name: text(name), data: text(data), web: text(web), session: text(session) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
