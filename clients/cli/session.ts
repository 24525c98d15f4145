import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { contextNamed, readContexts } from "./contexts/contexts.ts";
import { parseFields } from "./json.ts";

/** Which hub to talk to, and as whom. */
export interface HubSession {
  /** The address of its web listener. */
  readonly web: string;
  /** The secret that stands for a person. */
  readonly secret: string;
  /** Where both were found, as messages call it. */
  readonly place: string;
}

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The file that a hub writes into its data folder at each start. */
export function sessionFile(folder: string): string {
  return join(folder, "cli.json");
}

/** What the command line names: a data folder, or a saved context. */
export interface Named {
  readonly data?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * The hub to talk to: the one of the folder named by `--data`, else the saved one named by
 * `--context`, else FOEDUS_HUB and FOEDUS_SESSION, else FOEDUS_CONTEXT, else the hub of
 * FOEDUS_DATA, else the saved context that counts, else the folder where hubs start by default.
 *
 * @throws Fault NO_SESSION, CONTEXT_UNKNOWN
 */
export function findSession(named: Named, environment: Environment, folder: string): HubSession {
  if (named.data !== undefined) return readSession(folder);
  if (named.context !== undefined) return sessionOf(environment, named.context);
  const { FOEDUS_HUB: web = "", FOEDUS_SESSION: secret = "" } = environment;
  if (web === "" && secret === "") return savedSession(environment, folder);
  if (web === "") throw noSession("FOEDUS_SESSION is set, and FOEDUS_HUB is not");
  if (secret === "") throw noSession("FOEDUS_HUB is set, and FOEDUS_SESSION is not");
  return { web: hubAddress(web, "FOEDUS_HUB"), secret, place: "FOEDUS_SESSION" };
}

function savedSession(environment: Environment, folder: string): HubSession {
  const { FOEDUS_CONTEXT: wanted = "", FOEDUS_DATA: data = "" } = environment;
  if (wanted !== "") return sessionOf(environment, wanted);
  const { current } = readContexts(environment);
  return data !== "" || current === "" ? readSession(folder) : sessionOf(environment, current);
}

function sessionOf(environment: Environment, name: string): HubSession {
  const { data, web, session } = contextNamed(readContexts(environment), name);
  if (data !== "") return readSession(data);
  const place = `the context ${name}`;
  return { web: hubAddress(web, place), secret: session, place };
}

function readSession(folder: string): HubSession {
  const file = sessionFile(folder);
  const { web, session } = parse(file, readText(file));
  if (typeof web !== "string" || typeof session !== "string") {
    throw noSession(`${file} names no hub and no session`);
  }
  return { web: hubAddress(web, file), secret: session, place: file };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw noSession(missing ? `there is no ${file}` : detail, cause);
  }
}

function parse(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parseFields(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw noSession(`${file} cannot be read: ${detail}`, cause);
  }
}

/** The origin of a hub's web listener. @throws Fault NO_SESSION */
export function hubAddress(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.origin;
  throw noSession(`${where} holds no address such as http://127.0.0.1:7080`);
}

function noSession(detail: string, cause?: unknown): Fault {
  return new Fault(Reason.NO_SESSION, { detail }, { cause });
}
