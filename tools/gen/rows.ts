// Writes gen/rows/rows.d.ts: one interface a table, read from a migrated database.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

const types: Record<string, string> = {
  text: "string",
  uuid: "string",
  boolean: "boolean",
  bytea: "Buffer",
  bigint: "bigint",
  integer: "number",
  smallint: "number",
  "double precision": "number",
  date: "Date",
  "timestamp with time zone": "Date",
  ARRAY: "string[]",
};

interface Column {
  table_name: string;
  column_name: string;
  data_type: string;
  is_nullable: "YES" | "NO";
  column_default: string | null;
}

/** Reads the tables of the database at `url` and writes their row types. */
export async function writeRows(root: string, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Column>(`
    select c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default
    from information_schema.columns c
    join pg_class t on t.relname = c.table_name and t.relnamespace = 'public'::regnamespace
    where c.table_schema = 'public' and t.relkind in ('r', 'p') and not t.relispartition
      and c.table_name not like 'kysely%'
    order by c.table_name, c.ordinal_position`);
  await client.end();
  mkdirSync(join(root, "gen/rows"), { recursive: true });
  writeFileSync(join(root, "gen/rows/rows.d.ts"), print(rows));
}

function print(columns: Column[]): string {
  const tables = Map.groupBy(columns, (column) => column.table_name);
  const bodies = [...tables].map(([table, list]) => {
    const fields = list.map((column) => `    ${column.column_name}: ${typeOf(column)};`);
    return [`  ${table}: {`, ...fields, "  };"].join("\n");
  });
  return [
    "// Written by `npm run gen` from migrations/. Do not edit.",
    'import type { Generated } from "kysely";',
    "",
    "/** The tables, as kysely sees them. */",
    "export interface Rows {",
    ...bodies,
    "}",
    "",
  ].join("\n");
}

function typeOf(column: Column): string {
  const type = types[column.data_type];
  if (type === undefined)
    throw new Error(
      `${column.table_name}.${column.column_name}: no TypeScript type for ${column.data_type}`,
    );
  const full = column.is_nullable === "YES" ? `${type} | null` : type;
  return column.column_default === null ? full : `Generated<${full}>`;
}
