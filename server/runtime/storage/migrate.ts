import { readFileSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import pg from "pg";
import {
  isBreaking,
  migrationNames,
  migrationsFolder,
  noteBreaking,
  readBreaking,
  requireKnown,
} from "./breaking.ts";
import { faultOf, rethrowFault } from "./fault.ts";

const insufficientPrivilege = "42501";

/** The roles file runs as the connection's own user; all others as the owner. */
export const rolesFile = "0001_roles.sql";

/**
 * Brings the database at `url` to this program's schema, or only to that of the migration `upTo`;
 * nothing happens when it is there. Of two hubs that start at once one migrates and the other
 * waits.
 *
 * What a newer release did beyond that may stay, unless it is marked as breaking.
 *
 * @throws Fault DATABASE_ROLES_MISSING when the user may not make the roles, with the SQL for the
 * administrator; DATABASE_TOO_NEW; DATABASE_UNREACHABLE when the database does not answer.
 */
export async function migrate(url: string, upTo?: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, options: "-c lock_timeout=20s" });
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const later = await laterMigrations(database);
    const getMigrations = () => Promise.resolve(stepsWith(later));
    const migrator = new Migrator({ db: database, provider: { getMigrations } });
    const { error } = await (upTo === undefined
      ? migrator.migrateToLatest()
      : migrator.migrateTo(upTo));
    if (error !== undefined) throw await meaningOf(error, database);
  } finally {
    await database.destroy();
  }
}

/** Which migrations the database has had, in order; asked as the connection's own user. */
export async function appliedMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "foedus check" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const order = "select name from kysely_migration order by name";
    return (await client.query<{ name: string }>(order)).rows.map((row) => row.name);
  } catch (error) {
    throw faultOf(error);
  } finally {
    await client.end();
  }
}

/** Which of the migrations take away what the release before needs: they carry `-- breaking`. */
export function breakingMigrations(): string[] {
  return migrationNames().filter((name) =>
    isBreaking(readFileSync(`${migrationsFolder}${name}.sql`, "utf8")),
  );
}

/** Those that a newer release carried out. @throws Fault DATABASE_TOO_NEW for a breaking one. */
export async function laterMigrations(database: Kysely<unknown>): Promise<string[]> {
  const there = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null
       and to_regclass('hub_fact') is not null as there`
    .execute(database)
    .catch(rethrowFault);
  if (there.rows[0]?.there !== true) return [];
  requireKnown(
    await database.transaction().execute(async (tx) => {
      await sql`set local role foedus_owner`.execute(tx);
      return await readBreaking(tx);
    }),
  );
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(database);
  const known = migrationNames();
  return applied.rows.map((row) => row.name).filter((name) => !known.includes(name));
}

const nothing = { up: () => Promise.resolve() };

function stepsWith(later: readonly string[]): Record<string, Migration> {
  const own = migrationNames().map((name): [string, Migration] => [name, step(name)]);
  const others = later.map((name): [string, Migration] => [name, nothing]);
  return Object.fromEntries([...own, ...others]);
}

function step(name: string) {
  const file = `${name}.sql`;
  const text = readFileSync(`${migrationsFolder}${file}`, "utf8");
  const noted = isBreaking(text) ? noteBreaking(name) : "";
  const own = `set local role foedus_owner;\n${text};\n${noted}reset role;`;
  const whole = file === rolesFile ? text : own;
  return { up: async (database: Kysely<unknown>) => void (await sql.raw(whole).execute(database)) };
}

/** What a refusal means: a user who may not make the roles leads to the SQL that makes them. */
export async function meaningOf(error: unknown, database: Kysely<unknown>): Promise<unknown> {
  const denied = error instanceof Error && "code" in error && error.code === insufficientPrivilege;
  if (!denied) return faultOf(error);
  const result = await sql<{ login: string; name: string }>`
    select quote_ident(current_user) as login, current_database() as name`.execute(database);
  const [who] = result.rows;
  const text = administratorSql(who?.login ?? "the user of DATABASE_URL", who?.name ?? "");
  return new Fault(Reason.DATABASE_ROLES_MISSING, { sql: text }, { cause: error });
}

/** What a superuser runs once, in the hub's database, where the hub's own user may not. */
function administratorSql(login: string, database: string): string {
  const roles = ["foedus_owner", "foedus_app", "foedus_sweep"];
  const makes = roles.map(
    (role) => `  if to_regrole('${role}') is null then create role ${role} nologin; end if;`,
  );
  return [
    `-- in the database ${database}`,
    "do $$ begin",
    ...makes,
    "end $$;",
    `grant ${roles.join(", ")} to ${login};`,
    `grant usage, create on schema public to foedus_owner, ${login};`,
    "grant usage on schema public to foedus_app, foedus_sweep;",
  ].join("\n");
}
