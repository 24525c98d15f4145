import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { checkWalls } from "./walls.ts";

let url: string;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
});

async function problem(plant: string, undo: string): Promise<string> {
  await using storage = await openTestStorage(url);
  await checkWalls(storage);
  await rowsOf(url, plant);
  try {
    await checkWalls(storage);
    return "none";
  } catch (error) {
    expect(error).toMatchObject({ reason: Reason.WALLS_BROKEN });
    return error instanceof Error ? error.message : "";
  } finally {
    await rowsOf(url, undo);
  }
}

/**
 * Roles belong to the whole server, which other test files use: they are planted and rolled back.
 */
test.each([
  [
    "alter table node no force row level security",
    "alter table node force row level security",
    "node has no forced row-level security",
  ],
  [
    "alter table node disable row level security",
    "alter table node enable row level security",
    "node has no forced row-level security",
  ],
  [
    "alter policy tenant_wall on node using (true)",
    "alter policy tenant_wall on node using (tenant_id = nullif(current_setting('app.tenant', true), ''))",
    "node has no policy that asks for the tenant",
  ],
  [
    "create policy door on node to foedus_app using (true)",
    "drop policy door on node",
    "node has a second policy for foedus_app",
  ],
  [
    "create policy door on node using (true)",
    "drop policy door on node",
    "node has a second policy for foedus_app",
  ],
  ["alter table node owner to foedus_app", "alter table node owner to foedus_owner", "belongs to"],
  ["create table planted (id int)", "drop table planted", "planted belongs to"],
  [
    "set role foedus_owner; create table planted (id text primary key, tenant_id text)",
    "drop table planted",
    "planted has no forced row-level security",
  ],
  [
    "grant select on outbox_log_default to foedus_app",
    "revoke select on outbox_log_default from foedus_app",
    "outbox_log_default can be read past its wall",
  ],
  [
    "grant select on kysely_migration to foedus_app",
    "revoke select on kysely_migration from foedus_app",
    "kysely_migration can be read past its wall",
  ],
  ["create view planted as select * from node", "drop view planted", "planted"],
])("%s is found", async (plant, undo, found) => {
  expect(await problem(plant, undo)).toContain(found);
});

test("a primary key without the tenant first is found", async () => {
  const plant = `set role foedus_owner;
    create table planted (id text primary key, tenant_id text not null);
    select foedus_wall('planted', false)`;
  expect(await problem(plant, "drop table planted")).toContain("does not begin with tenant_id");
});
