import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Failure } from "../failure.ts";
import { quoted } from "../shell.ts";
import type { Remedy } from "./exam.ts";

/** The line that starts the hub of a folder, with further flags. */
export function serveLine(folder: string, ...flags: readonly string[]): string {
  return ["foedus hub serve --data", quoted(folder), ...flags].join(" ");
}

/** What mends a database that a hub cannot work with. */
export function databaseRemedy({ reason, facts, message }: Failure, url: string): Remedy {
  const why = "without its database a hub neither starts nor answers";
  if (reason === Reason.DATABASE_ROLES_MISSING) {
    const sql = (facts.sql ?? "")
      .replaceAll(/^--.*$/gm, "")
      .replaceAll(/\s+/g, " ")
      .trim();
    return { why, line: `${postgresLine("psql", url)} --command ${quoted(sql)}` };
  }
  if (reason === Reason.DATABASE_TOO_NEW) return { why };
  const [, missing] = /database "(.+)" does not exist/.exec(message) ?? [];
  if (missing !== undefined) return { why, line: postgresLine("createdb", url) };
  if (/ECONNREFUSED|ENOENT/.test(message) && isHere(url)) {
    return { why, line: "sudo systemctl start postgresql" };
  }
  return {
    why,
    fix: "mend what it says: DATABASE_URL names the server, the user and the database",
  };
}

/** As the administrator, of whom we know no more than that there usually is a `postgres`. */
function postgresLine(program: "psql" | "createdb", url: string): string {
  const { port, pathname } = new URL(url);
  const name = quoted(decodeURIComponent(pathname.slice(1)));
  const where = [`--host=${quoted(hostOf(url))}`, ...(port === "" ? [] : [`--port=${port}`])];
  const database = program === "psql" ? `--dbname=${name}` : name;
  return [program, ...where, "--username=postgres", database].join(" ");
}

/** A name, an address, or the folder of a socket. */
function hostOf(url: string): string {
  return decodeURIComponent(new URL(url).hostname);
}

function isHere(url: string): boolean {
  const host = hostOf(url);
  return host.startsWith("/") || ["localhost", "127.0.0.1", "[::1]"].includes(host);
}
