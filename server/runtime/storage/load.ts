import { pipeline } from "node:stream/promises";
import pg, { type ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { faultOf } from "./fault.ts";
import { migrate } from "./migrate.ts";
import { firstFilled, lastMigration, type Table } from "./tables.ts";

/** Fills an empty database. */
export interface Loading {
  /** Loads the rows of one table, in PostgreSQL's binary COPY format; returns how many. */
  table(table: Table, rows: AsyncIterable<Uint8Array>): Promise<number>;
}

/**
 * Fills the database in one transaction: all of it, or nothing when `work` throws. The schema is
 * that of the migration named; what came after is the caller's to migrate.
 *
 * @throws what `notEmpty` makes of the table that holds rows, when one does.
 */
export async function loadDatabase<T>(
  url: string,
  migration: string,
  notEmpty: (what: string) => Error,
  work: (loading: Loading) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "foedus restore" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const there = await lastMigration(client);
    if (there !== undefined && there !== migration) throw notEmpty("the database");
    await migrate(url, migration);
    await client.query("begin; set local role foedus_owner");
    const filled = await firstFilled(client);
    if (filled !== undefined) throw notEmpty(`the database (table ${filled})`);
    const result = await work({ table: (table, rows) => loadTable(client, table, rows) });
    await client.query("commit");
    return result;
  } catch (error) {
    throw faultOf(error);
  } finally {
    await client.end();
  }
}

async function loadTable(
  client: ClientBase,
  { name, columns, days }: Table,
  rows: AsyncIterable<Uint8Array>,
): Promise<number> {
  const table = client.escapeIdentifier(name);
  for (const day of days) {
    await client.query("select foedus_add_log_day($1, $2)", [name.replace(/_log$/, ""), day]);
  }
  const names = columns.map((column) => client.escapeIdentifier(column)).join(", ");
  // COPY does not go past row-level security; the wall is back before anybody else sees the rows.
  await client.query(`alter table ${table} no force row level security`);
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin binary`));
  await pipeline(rows, stream);
  await client.query(`alter table ${table} force row level security`);
  return stream.rowCount;
}
