import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { type HubProcess, startHubProcess } from "../../../tests/support/hub.process.ts";

let folder: string;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-views-"));
  hub = await startHubProcess({ data: join(folder, "hub"), url: (await cloneDatabase()).url });
});
afterAll(() => hub.kill());

function view(...args: string[]) {
  return runCommand(["--data", join(folder, "hub"), "person", "view", ...args]);
}

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await view(...args);
  expect({ code, errors }).toMatchObject({ code: 0 });
  return out;
}

interface Views {
  readonly views: { id: string; name: string; path: string; shared?: boolean }[];
}

async function listed(): Promise<Views["views"]> {
  return (JSON.parse(await told("list", "--output", "json")) as Views).views;
}

test("a view is saved, saved over, shared, listed and removed", async () => {
  expect(await told("list")).toContain("No views yet.");
  expect(await told("save", "Offline", "/node?state=offline")).toContain(
    "Saved Offline, seen by you.",
  );
  const [first] = await listed();
  const over = await told("save", "Offline", "/node?state=offline&view=table", "--share");
  expect(over).toContain("Changed Offline, seen by everybody here.");
  const [second] = await listed();
  expect(second).toMatchObject({ id: first?.id, path: "/node?state=offline&view=table" });
  expect(await told("list")).toMatch(/^Offline +\/node\?state=offline&view=table +you +everybody/m);
  expect(await told("remove", "Offline")).toContain("Removed Offline");
  expect(await listed()).toEqual([]);
});

test("an address of another host is refused, and a view that is not there is said so", async () => {
  const elsewhere = await view("save", "evil", "//evil.example");
  expect(elsewhere.code).not.toBe(0);
  expect(elsewhere.errors).toContain("path");
  const absent = await view("remove", "nothing");
  expect(absent.errors).toContain("there is no view nothing here");
});
