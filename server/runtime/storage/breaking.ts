import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql, type Kysely } from "kysely";
import { version } from "../version.ts";

/** Where migrations lie. */
export const migrationsFolder = fileURLToPath(new URL("../../../migrations/", import.meta.url));

/** The names of the migrations that this program lies beside, in order. */
export function migrationNames(): string[] {
  return readdirSync(migrationsFolder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.replace(".sql", ""))
    .toSorted();
}

/** Whether a migration says that the release before cannot work with what it leaves. */
export function isBreaking(text: string): boolean {
  return /^-- breaking\b/m.test(text);
}

const prefix = "breaking:";

/** What notes in the database that it has had such a migration, for programs without its file. */
export function noteBreaking(name: string): string {
  const values = [hubTenant, `${prefix}${name}`, version].map((text) => `'${text}'`).join(", ");
  return `insert into hub_fact (tenant_id, name, value) values (${values}) on conflict do nothing;\n`;
}

/** The breaking migrations that the database has had. */
export async function readBreaking(database: Pick<Kysely<unknown>, "getExecutor">) {
  const { rows } = await sql<{ name: string }>`
    select name from hub_fact where tenant_id = ${hubTenant}
      and starts_with(name, ${prefix})`.execute(database);
  return rows.map((row) => row.name.slice(prefix.length));
}

/** @throws Fault DATABASE_TOO_NEW when this program does not know one of them. */
export function requireKnown(breaking: readonly string[], known = migrationNames()): void {
  const unknown = breaking.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Fault(Reason.DATABASE_TOO_NEW, { migrations: unknown.join(", "), version });
}
