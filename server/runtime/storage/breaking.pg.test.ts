import { expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { cloneDatabase, runStatement } from "../../../tests/support/database.ts";
import { isBreaking, migrationNames, noteBreaking } from "./breaking.ts";
import { appliedMigrations, migrate } from "./migrate.ts";

const later = "9999_later";

/** A database that a newer release migrated once more. */
async function newerDatabase(): Promise<string> {
  const { url } = await cloneDatabase();
  const row = `('${later}', '2027-01-01T00:00:00.000Z')`;
  await runStatement(url, `insert into kysely_migration (name, timestamp) values ${row}`);
  return url;
}

test("the release before may start again over what a newer one only added to", async () => {
  const url = await newerDatabase();
  await migrate(url);
  expect(await appliedMigrations(url)).toEqual([...migrationNames(), later]);
});

test("it may not where the newer one took something away", async () => {
  const url = await newerDatabase();
  await runStatement(url, `set role foedus_owner; ${noteBreaking(later)}`);
  const refused: unknown = await migrate(url).catch((error: unknown) => error);
  expect(refused).toMatchObject({ reason: Reason.DATABASE_TOO_NEW, facts: { migrations: later } });
});

test("the mark stands at the beginning of a line", () => {
  expect(isBreaking("-- breaking: the column goes\nalter table a drop b;")).toBe(true);
  expect(isBreaking("select 1; -- breaking")).toBe(false);
  expect(isBreaking("-- breakingly good")).toBe(false);
});
