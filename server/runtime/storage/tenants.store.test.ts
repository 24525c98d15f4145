import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { hubTenant, tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";

const mine = tenantProved("mine");
const theirs = tenantProved("theirs");
let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let tables: string[];

/** A value of each type that a tenant's table has. */
const samples: Record<string, string> = {
  text: "$1",
  bytea: "$1::bytea",
  bigint: "1",
  smallint: "1",
  integer: "1",
  boolean: "true",
  "double precision": "1",
  date: "'2026-11-21'",
  uuid: "md5('one')::uuid",
  ARRAY: "'{}'",
};

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url);
  const columns = await rowsOf(
    url,
    `select c.table_name as name, string_agg(column_name, ',' order by ordinal_position) as names,
            string_agg(data_type, ',' order by ordinal_position) as types
     from information_schema.columns c
     join pg_class t on t.relname = c.table_name and t.relnamespace = 'public'::regnamespace
     where t.relkind in ('r', 'p') and not t.relispartition and t.relname not like 'kysely%'
     group by 1`,
  );
  for (const { name, names, types } of columns) {
    // The tenant stands first, but where the widths of columns are in order.
    const tenantAt = Math.max(0, String(names).split(",").indexOf("tenant_id"));
    for (const tenant of [mine, theirs]) {
      const values = String(types)
        .split(",")
        .map((type) => (samples[type] ?? type).replace("$1", `'${tenant}'`));
      const row = values.with(tenantAt, `'${tenant}'`).join(", ");
      await rowsOf(url, `insert into "${String(name)}" (${String(names)}) values (${row})`);
    }
  }
  tables = columns.map(({ name }) => String(name));
});

afterAll(async () => {
  await storage.close();
});

/** A connection as the hub's own, with no tenant bound. */
async function asApp<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: "-c role=foedus_app" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test("there are tables to look at", () => {
  expect(tables.length).toBeGreaterThan(15);
});

test("without a tenant nobody sees a row of any table, or changes one", async () => {
  await asApp(async (client) => {
    for (const table of tables) {
      expect((await client.query(`select 1 from "${table}"`)).rows).toEqual([]);
      expect((await client.query(`update "${table}" set tenant_id = 'x'`)).rowCount).toBe(0);
      expect((await client.query(`delete from "${table}"`)).rowCount).toBe(0);
      const copy = client.query(`insert into "${table}" (tenant_id) values ('mine')`);
      await expect(copy).rejects.toThrow(/row-level security/);
    }
  });
});

test("a tenant sees its own rows of every table, and nobody else's", async () => {
  await storage.tenant(mine, async (tx) => {
    for (const table of tables) {
      const { rows } = await sql`select tenant_id from ${sql.table(table)}`.execute(tx.sql);
      expect(rows).toEqual([{ tenant_id: "mine" }]);
    }
  });
});

test("a tenant can neither write a row of another's, nor give one of its own away", async () => {
  for (const table of tables) {
    const into = storage.tenant(mine, (tx) =>
      sql`insert into ${sql.table(table)} (tenant_id) values ('theirs')`.execute(tx.sql),
    );
    await expect(into).rejects.toThrow(/row-level security/);
    const away = storage.tenant(mine, (tx) =>
      sql`update ${sql.table(table)} set tenant_id = 'theirs'`.execute(tx.sql),
    );
    await expect(away).rejects.toThrow(/row-level security/);
    const others = await storage.tenant(mine, (tx) =>
      sql`delete from ${sql.table(table)} where tenant_id = 'theirs'`.execute(tx.sql),
    );
    expect(others.numAffectedRows).toBe(0n);
  }
});

test("a tenant is bound to its transaction alone, though connections are shared", async () => {
  await using narrow = await openTestStorage(url, { connectionsMax: 1 });
  const seen = (tx: { sql: Parameters<ReturnType<typeof sql>["execute"]>[0] }) =>
    sql<{ tenant_id: string }>`select tenant_id from person`.execute(tx.sql);
  expect((await narrow.tenant(mine, seen)).rows).toEqual([{ tenant_id: "mine" }]);
  expect((await narrow.tenant(theirs, seen)).rows).toEqual([{ tenant_id: "theirs" }]);
  await expect(narrow.tenant(mine, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect((await narrow.tenant(hubTenant, seen)).rows).toEqual([]);
});

test("loops see the tables they were given, and no others", async () => {
  const { rows } = await sql`select tenant_id from lease`.execute(storage.sweeper);
  expect(rows).toHaveLength(2);
  const closed = sql`select tenant_id from hub_fact`.execute(storage.sweeper);
  await expect(closed).rejects.toThrow(/permission denied/);
});

test("neither role may change the schema, or read another role's settings", async () => {
  for (const statement of [
    "create table planted (id int)",
    "alter table person disable row level security",
    "drop table person",
  ]) {
    await asApp(async (client) => {
      await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    });
  }
});

test("what is to happen after the commit happens only then", async () => {
  const acts: string[] = [];
  await storage.tenant(mine, (tx) => {
    tx.afterCommit(() => acts.push("committed"));
    expect(acts).toEqual([]);
    return Promise.resolve();
  });
  const failing = storage.tenant(mine, (tx) => {
    tx.afterCommit(() => acts.push("rolled back"));
    return Promise.reject(new Error("no"));
  });
  await expect(failing).rejects.toThrow("no");
  expect(acts).toEqual(["committed"]);
});

test("a hub whose clock is three days off keeps the database's time", async () => {
  const offMs = 3 * 86_400_000;
  const clock = { ...realWorld.clock, now: () => realWorld.clock.now() + offMs };
  await using skewed = await openTestStorage(url, { world: { ...realWorld, clock } });
  expect(Math.abs(skewed.nowMs() - storage.nowMs())).toBeLessThan(1_000);
});

test("a database that does not answer is called unreachable", async () => {
  const nowhere = openTestStorage("postgres://nobody:x@127.0.0.1:1/none");
  await expect(nowhere).rejects.toMatchObject({ reason: Reason.DATABASE_UNREACHABLE });
});
