import { expect, test } from "vitest";
import { tableProblems } from "../../server/runtime/storage/walls.ts";
import { rowsOf } from "../support/bundled.ts";
import { cloneDatabase } from "../support/database.ts";
import { openTestStorage } from "../support/storage.ts";

// That each of these problems is found is proved beside walls.ts.

/** There are more tables than this; fewer means that they were not read. */
const tablesMin = 15;

test("every table of the migrated database is behind its wall, with the tenant first", async () => {
  const { url } = await cloneDatabase();
  await using storage = await openTestStorage(url);
  const tables = await rowsOf(
    url,
    "select 1 from pg_class where relname !~ '^(pg_|sql_)' and relkind in ('r', 'p')",
  );
  expect(tables.length).toBeGreaterThan(tablesMin);
  expect(await storage.sweep((tx) => tableProblems(tx.sql))).toEqual([]);
});
