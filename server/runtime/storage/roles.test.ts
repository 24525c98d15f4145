import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf, testFolder } from "../../../tests/support/bundled.ts";
import { onDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { migrationNames } from "./breaking.ts";
import { inspectDatabase } from "./inspect.ts";
import { migrate } from "./migrate.ts";
import { checkWalls } from "./walls.ts";

// Roles belong to a whole server, so these tests have one of their own.
const folder = testFolder();
let adminUrl: string;
let databases = 0;

beforeAll(async () => {
  adminUrl = (await folder.start()).url;
});

afterAll(async () => {
  await folder.remove();
});

/**
 * A database of its own, and the address by which a user without a superuser's rights reaches it.
 */
async function databaseFor(login: string, rights: string): Promise<string> {
  await rowsOf(adminUrl, `create role ${login} login password 'secret' ${rights}`);
  await rowsOf(adminUrl, `create database ${login}_own`);
  const url = new URL(onDatabase(adminUrl, `${login}_own`));
  url.username = login;
  url.password = "secret";
  return url.href;
}

async function faultOf(act: Promise<unknown>): Promise<Fault> {
  const error: unknown = await act.catch((thrown: unknown) => thrown);
  if (!(error instanceof Fault)) throw new Error(`no fault but ${String(error)}`);
  return error;
}

test("a user who may do nothing gets the SQL for an administrator, which then suffices", async () => {
  const url = await databaseFor("plain", "");
  const fault = await faultOf(migrate(url));
  expect(fault.reason).toBe(Reason.DATABASE_ROLES_MISSING);
  expect(fault.message).toContain("create role foedus_owner nologin");
  await rowsOf(onDatabase(adminUrl, "plain_own"), fault.facts.sql ?? "");
  await migrate(url);
  await migrate(url);
  await using storage = await openTestStorage(url);
  await checkWalls(storage);
});

test("a user who may create roles needs no administrator", async () => {
  const own = testFolder();
  try {
    const { url: admin } = await own.start();
    await rowsOf(admin, "create role maker login password 'secret' createrole createdb");
    await rowsOf(admin, "create database made owner maker");
    const url = new URL(onDatabase(admin, "made"));
    url.username = "maker";
    url.password = "secret";
    await migrate(url.href);
    await using storage = await openTestStorage(url.href);
    await checkWalls(storage);
  } finally {
    await own.remove();
  }
});

test("two hubs that start at once migrate once", async () => {
  await rowsOf(adminUrl, "create database twice");
  const url = onDatabase(adminUrl, "twice");
  await Promise.all([migrate(url), migrate(url)]);
  await using storage = await openTestStorage(url);
  await checkWalls(storage);
});

test.each([
  ["alter role foedus_app bypassrls", "alter role foedus_app nobypassrls", "BYPASSRLS"],
  ["alter role foedus_app superuser", "alter role foedus_app nosuperuser", "superuser"],
  ["alter role foedus_sweep bypassrls", "alter role foedus_sweep nobypassrls", "foedus_sweep is"],
  [
    "grant foedus_owner to foedus_app",
    "revoke foedus_owner from foedus_app",
    "foedus_app may act as foedus_owner",
  ],
])("%s keeps a hub from starting", async (plant, undo, problem) => {
  const name = `planted_${databases++}`;
  await rowsOf(adminUrl, `create database ${name}`);
  await migrate(onDatabase(adminUrl, name));
  await using storage = await openTestStorage(onDatabase(adminUrl, name));
  await rowsOf(adminUrl, plant);
  const fault = await faultOf(checkWalls(storage));
  await rowsOf(adminUrl, undo);
  expect(fault.reason).toBe(Reason.WALLS_BROKEN);
  expect(fault.message).toContain(problem);
  await checkWalls(storage);
});

test("a database that is not there is called unreachable", async () => {
  const url = new URL(adminUrl);
  url.host = "127.0.0.1:1";
  const fault = await faultOf(migrate(url.href));
  expect(fault.reason).toBe(Reason.DATABASE_UNREACHABLE);
});

test("the doctor sees the same, before a hub starts, and leaves nothing behind", async () => {
  const url = await databaseFor("looked_at", "");
  const fault = await faultOf(inspectDatabase(url));
  // The other tests of this server made the roles; a plain user is no member of them.
  expect(fault.reason).toBe(Reason.DATABASE_ROLES_MISSING);
  await rowsOf(onDatabase(adminUrl, "looked_at_own"), fault.facts.sql ?? "");
  const before = await inspectDatabase(url);
  expect(before.migrationsToCome).toBe(migrationNames().length);
  await migrate(url);
  expect(await inspectDatabase(url)).toMatchObject({ migrationsToCome: 0 });
  const nowhere = await faultOf(inspectDatabase(onDatabase(url, "nowhere")));
  expect(nowhere.message).toContain('database "nowhere" does not exist');
  expect(nowhere.reason).toBe(Reason.DATABASE_UNREACHABLE);
});
