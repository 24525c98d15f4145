import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { type HubProcess, startHubProcess } from "../../../tests/support/hub.process.ts";

let folder = "";
let hub: HubProcess;
let url = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-cli-hub-"));
  ({ url } = await cloneDatabase());
  hub = await startHubProcess({ data: join(folder, "hub"), url });
});
afterAll(async () => {
  await hub.kill();
  await rm(folder, { recursive: true, force: true });
});

const foedus = (...args: string[]) => {
  const env = { DATABASE_URL: url };
  return runCommand(["--data", join(folder, "hub"), "hub", ...args], { env });
};

test("a federation without nodes is not healthy, and says why, to people and programs", async () => {
  const people = await foedus("health");
  expect(people).toMatchObject({ code: 1, errors: "" });
  expect(people.out).toMatch(/^The federation is unknown\.\n- no node has joined yet$/m);
  const programs = await foedus("health", "--output", "json");
  expect(programs.code).toBe(1);
  expect(JSON.parse(programs.out)).toMatchObject({ health: { status: "unknown", online: 0 } });
});

test("usage tells each limit and whose it is", async () => {
  const { code, out } = await foedus("usage");
  expect(code).toBe(0);
  expect(out).toMatch(/^connections_max +\d+ +20000 +0 % +node listener$/m);
  expect(out).toMatch(/^database_bytes +[\d.]+ MiB +no limit/m);
  expect(out).toMatch(/^control_rate +\d+ +\d+ +\d+ % +person\/\w+$/m);
});

test("an upgrade wants a backup first, and is fine once there is one", async () => {
  const before = await foedus("upgrade-check");
  expect(before.code).toBe(1);
  expect(before.out).toMatch(
    /^wrong +backup +none was ever made\n +To mend it: run `foedus hub b/m,
  );
  const file = join(folder, "hub.backup");
  const words = { DATABASE_URL: url };
  const made = await runCommand(["--data", join(folder, "hub"), "hub", "backup", "--out", file], {
    env: words,
    input: "correct horse\n",
  });
  expect(made).toMatchObject({ code: 0 });
  const after = await foedus("upgrade-check", "--output", "json");
  const { checks } = JSON.parse(after.out) as { checks: { name: string; ok: boolean }[] };
  expect(checks).toContainEqual(expect.objectContaining({ name: "backup", ok: true }));
  expect(after.code).toBe(checks.every((one) => one.ok) ? 0 : 1);
});
