import { readFileSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { migrationNames, migrationsFolder } from "./breaking.ts";
import { laterMigrations, meaningOf, rolesFile } from "./migrate.ts";

/** What a hub that starts would find in its database. */
export interface DatabaseView {
  /** Of PostgreSQL, e.g. "17.5". */
  readonly version: string;
  /** Migrations that the next start carries out. */
  readonly migrationsToCome: number;
}

const connectMs = 5_000;

/**
 * Looks whether a hub could work with a database, and leaves nothing there.
 *
 * @throws Fault DATABASE_UNREACHABLE, DATABASE_TOO_NEW; DATABASE_ROLES_MISSING with the SQL for the
 * administrator.
 */
export async function inspectDatabase(url: string): Promise<DatabaseView> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: connectMs });
  pool.on("error", () => undefined);
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const shown = await sql<{ server_version: string }>`show server_version`.execute(database);
    const applied = await appliedTo(database);
    if (applied.length === 0) await tryRoles(database);
    await laterMigrations(database);
    const missing = migrationNames().filter((name) => !applied.includes(name));
    return {
      version: shown.rows[0]?.server_version ?? "unknown",
      migrationsToCome: missing.length,
    };
  } catch (error) {
    const meant = await meaningOf(error, database);
    if (meant instanceof Fault) throw meant;
    const detail = error instanceof Error ? error.message : String(error);
    throw new Fault(Reason.DATABASE_UNREACHABLE, { detail }, { cause: error });
  } finally {
    await database.destroy();
  }
}

async function appliedTo(database: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(database);
  if (rows[0]?.there !== true) return [];
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(database);
  return applied.rows.map((row) => row.name);
}

/** Makes the roles as the first start would, and takes them back. */
async function tryRoles(database: Kysely<unknown>): Promise<void> {
  const text = readFileSync(`${migrationsFolder}${rolesFile}`, "utf8");
  await database.connection().execute(async (connection) => {
    await sql`begin`.execute(connection);
    try {
      await sql.raw(text).execute(connection);
    } finally {
      await sql`rollback`.execute(connection);
    }
  });
}
