import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's address of this run's PostgreSQL. */
    adminUrl: string;
  }
}

/** The migrated, empty database that every test file's own is cloned from. */
export const templateName = "template_hub";

/** Makes a database for one test file. It is never dropped: the run's folder goes as a whole. */
export async function cloneDatabase(): Promise<{ url: string }> {
  const adminUrl = inject("adminUrl");
  const name = `t_${randomBytes(8).toString("hex")}`;
  await runStatement(adminUrl, `create database ${name} template ${templateName}`);
  return { url: onDatabase(adminUrl, name) };
}

/** The same server, another database. */
export function onDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs one statement over a connection of its own. */
export async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
