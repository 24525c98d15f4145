import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
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

/**
 * The hub to talk to: the one of the folder named by `--data`, else FOEDUS_HUB and FOEDUS_SESSION,
 * else the one of FOEDUS_DATA or of the folder where hubs start by default.
 *
 * @throws Fault NO_SESSION
 */
export function findSession(
  named: string | undefined,
  environment: Environment,
  folder: string,
): HubSession {
  const { FOEDUS_HUB: web = "", FOEDUS_SESSION: secret = "" } = environment;
  if (named !== undefined || (web === "" && secret === "")) return readSession(folder);
  if (web === "") throw noSession("FOEDUS_SESSION is set, and FOEDUS_HUB is not");
  if (secret === "") throw noSession("FOEDUS_HUB is set, and FOEDUS_SESSION is not");
  return { web: address(web, "FOEDUS_HUB"), secret, place: "FOEDUS_SESSION" };
}

function readSession(folder: string): HubSession {
  const file = sessionFile(folder);
  const { web, session } = parse(file, readText(file));
  if (typeof web !== "string" || typeof session !== "string") {
    throw noSession(`${file} names no hub and no session`);
  }
  return { web: address(web, file), secret: session, place: file };
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

function address(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.origin;
  throw noSession(`${where} holds no address such as http://127.0.0.1:7080`);
}

function noSession(detail: string, cause?: unknown): Fault {
  return new Fault(Reason.NO_SESSION, { detail }, { cause });
}
