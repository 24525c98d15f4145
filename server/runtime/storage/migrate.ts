import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";

const folder = fileURLToPath(new URL("../../../migrations/", import.meta.url));
const insufficientPrivilege = "42501";

/** The roles file runs as the connection's own user; all others as the owner. */
const rolesFile = "0001_roles.sql";

/**
 * Brings the database at `url` to this program's schema; nothing happens when it is there. Of two
 * hubs that start at once one migrates and the other waits.
 *
 * @throws Fault DATABASE_ROLES_MISSING when the user may not make the roles, with the SQL for the
 * administrator.
 */
export async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, options: "-c lock_timeout=20s" });
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db: database, provider: { getMigrations } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw rolesFault(error) ?? error;
  } finally {
    await database.destroy();
  }
}

/** The names of the migrations, in order. */
export function migrationNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
}

async function getMigrations() {
  return Object.fromEntries(migrationNames().map((name) => [name.replace(".sql", ""), step(name)]));
}

function step(name: string) {
  const text = readFileSync(`${folder}${name}`, "utf8");
  const whole = name === rolesFile ? text : `set local role foedus_owner;\n${text};\nreset role;`;
  return { up: async (database: Kysely<unknown>) => void (await sql.raw(whole).execute(database)) };
}

function rolesFault(error: unknown): Fault | undefined {
  const denied = error instanceof Error && "code" in error && error.code === insufficientPrivilege;
  if (!denied) return undefined;
  const text = readFileSync(`${folder}${rolesFile}`, "utf8");
  return new Fault(Reason.DATABASE_ROLES_MISSING, { sql: text }, { cause: error });
}
