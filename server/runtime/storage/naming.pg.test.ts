import { sql } from "kysely";
import { expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";

test("a statement with a name is prepared once a connection, and one without is not", async () => {
  const { url } = await cloneDatabase();
  await using storage = await openTestStorage(url, { connectionsMax: 1 });
  const tenant = newTenant();
  for (const wanted of [1, 2]) {
    await storage.tenant(tenant, async (tx) => {
      const named = await sql<{ n: number }>`/*test.named*/ select ${wanted}::int as n`.execute(
        tx.sql,
      );
      const plain = await sql<{ n: number }>`select ${wanted}::int as n`.execute(tx.sql);
      expect([named.rows[0]?.n, plain.rows[0]?.n]).toEqual([wanted, wanted]);
    });
  }
  const prepared = await storage.tenant(tenant, (tx) =>
    sql<{ name: string }>`select name from pg_prepared_statements where name <> ''`.execute(tx.sql),
  );
  expect(prepared.rows).toEqual([{ name: "test.named" }]);
});
