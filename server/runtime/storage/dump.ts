import pg, { type ClientBase } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { faultOf } from "./fault.ts";
import { lastMigration, listTables, type Table } from "./tables.ts";

/** The database as it was at one moment. */
export interface Snapshot {
  readonly migration: string;
  readonly tables: readonly Table[];
  /**
   * The rows of a table in PostgreSQL's binary COPY format, in parts; returns how many there are.
   */
  rows(table: Table): AsyncGenerator<Uint8Array, number>;
  close(): Promise<void>;
}

/**
 * Opens a snapshot of the whole database, of all tenants. Writers go on; days are not turned
 * meanwhile.
 *
 * @throws Fault DATABASE_UNREACHABLE when the database does not answer.
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: url, application_name: "foedus backup" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const migration = await lastMigration(client);
    if (migration === undefined) throw new Error("the database holds no hub");
    await client.query("set local role foedus_owner");
    const tables = await listTables(client);
    return { migration, tables, rows: (table) => rowsOf(client, table), close: () => client.end() };
  } catch (error) {
    await client.end();
    throw faultOf(error);
  }
}

async function* rowsOf(client: ClientBase, table: Table): AsyncGenerator<Uint8Array, number> {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(", ");
  const from = client.escapeIdentifier(table.name);
  const stream = client.query(copyTo(`copy (select ${columns} from ${from}) to stdout binary`));
  for await (const part of stream) yield part as Buffer;
  // The stream ends with the rows. How many they were comes with the end of the command, which may
  // be a packet later: what is asked next is answered after that.
  await client.query("select");
  return stream.rowCount;
}
