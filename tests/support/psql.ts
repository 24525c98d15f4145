// Stands in for psql, which the bundled PostgreSQL lacks: runs one command where its options say.
import { parseArgs } from "node:util";
import pg from "pg";

const text = { type: "string" } as const;
const options = { host: text, port: text, username: text, dbname: text, command: text };
const { host, port, username: user, dbname: database, command } = parseArgs({ options }).values;
const { PGPASSWORD: password } = process.env;
const client = new pg.Client({ host, port: Number(port), user, database, password });
await client.connect();
try {
  await client.query(command ?? "");
} finally {
  await client.end();
}
