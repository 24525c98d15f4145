import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowsOf, runHub, testFolder } from "../../../tests/support/bundled.ts";
import { killAllScripts, killScript, lineOf } from "../../../tests/support/script.ts";
import { until } from "../../../tests/support/until.ts";
import { isZombie } from "./bundled.process.ts";
import type { Bundled } from "./bundled.ts";

const deepName = "a".repeat(100);
let folder: ReturnType<typeof testFolder>;

beforeEach(() => {
  folder = testFolder();
});

afterEach(async () => {
  killAllScripts();
  await folder.remove();
});

async function setting(url: string, name: string): Promise<unknown> {
  const [row] = await rowsOf(url, `select current_setting('${name}') as value`);
  return row?.value;
}

test("a first start makes a cluster that keeps what it acknowledged", async () => {
  const server = await folder.start();
  expect(server.adopted).toBe(false);
  expect(await setting(server.url, "fsync")).toBe("on");
  expect(await setting(server.url, "full_page_writes")).toBe("on");
  expect(await setting(server.url, "data_checksums")).toBe("on");
  expect(await setting(server.url, "listen_addresses")).toBe("");
  expect(statSync(join(folder.path, "postgres", "password")).mode & 0o777).toBe(0o600);
  const stranger = new URL(server.url);
  stranger.password = "guessed";
  await expect(rowsOf(stranger.href, "select 1")).rejects.toThrow(/password authentication failed/);
});

test("what was written is there after a stop and a start, at the same address", async () => {
  const first = await folder.start();
  await rowsOf(first.url, "create table kept as select 1 as one");
  await first.stop();
  const second = await folder.start();
  expect(second).toMatchObject({ adopted: false, url: first.url });
  expect(await rowsOf(second.url, "select one from kept")).toEqual([{ one: 1 }]);
});

test("the orphan of a hub killed with -9 is adopted, and stopped in the end", async () => {
  const hub = runHub(folder.path);
  await lineOf(hub, /^up/);
  await killScript(hub);
  const orphan = folder.postmaster();
  const server = await folder.start();
  expect(server.adopted).toBe(true);
  expect(folder.postmaster()).toBe(orphan);
  await server.stop();
  expect(folder.postmaster).toThrow(/no server runs/);
});

test("three starts at once on an empty folder share one server", async () => {
  const hubs = [runHub(folder.path), runHub(folder.path), runHub(folder.path)];
  const lines = await Promise.all(hubs.map((hub) => lineOf(hub, /^(up|failed)/)));
  const servers = lines.map((line) => JSON.parse(line.replace(/^up /, "")) as Bundled);
  expect(servers.filter((server) => !server.adopted)).toHaveLength(1);
  expect(new Set(servers.map((server) => server.url)).size).toBe(1);
});

test("a server that dies under its hub comes back at the same address", async () => {
  const server = await folder.start();
  await rowsOf(server.url, "create table kept as select 1 as one");
  process.kill(folder.postmaster(), "SIGKILL");
  await until(() => expect(folder.logged.at(-1)).toMatch(/is back/));
  expect(await rowsOf(server.url, "select one from kept")).toEqual([{ one: 1 }]);
});

test("a dead server whose parent never asked how it died does not block the next", async () => {
  const hub = runHub(folder.path);
  await lineOf(hub, /^up/);
  hub.process.kill("SIGSTOP");
  await until(() => expect(isStopped(hub.process.pid ?? 0)).toBe(true));
  const dead = folder.postmaster();
  process.kill(dead, "SIGKILL");
  // On a busy machine a signal takes its time, and whoever is alive yet is adopted.
  await until(() => expect(isZombie(dead)).toBe(true));
  const server = await folder.start();
  expect(server.adopted).toBe(false);
  expect(isZombie(dead)).toBe(true);
});

/** Whether a process does nothing until it is told to go on. */
function isStopped(pid: number): boolean {
  return /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

test("a process that inherited a dead server's number is left alone", async () => {
  await (await folder.start()).stop();
  const { uid, gid } = statSync(folder.cluster);
  const stranger = spawn("/bin/sleep", ["600"], { uid, gid, stdio: "ignore" });
  const text = [stranger.pid, folder.cluster, 1, 5432, folder.path, "", 0, "ready", ""].join("\n");
  writeFileSync(join(folder.cluster, "postmaster.pid"), text, { mode: 0o600 });
  chownSync(join(folder.cluster, "postmaster.pid"), uid, gid);
  const server = await folder.start();
  expect(server.adopted).toBe(false);
  expect(stranger.exitCode).toBeNull();
  stranger.kill("SIGKILL");
});

test("a folder too deep for a socket is served over the loopback, with a password", async () => {
  const deep = join(folder.path, deepName);
  mkdirSync(deep);
  const server = await folder.start(deep);
  expect(server.url).toMatch(/^postgres:\/\/foedus:[\w-]+@127\.0\.0\.1:\d+\/foedus$/);
  expect(await setting(server.url, "listen_addresses")).toBe("127.0.0.1");
});

test("a cluster of another major version is named, and left as it is", async () => {
  await (await folder.start()).stop();
  writeFileSync(join(folder.cluster, "PG_VERSION"), "17\n");
  await expect(folder.start()).rejects.toMatchObject({
    reason: Reason.BUNDLED_POSTGRES_FAILED,
    message: expect.stringContaining("was made by PostgreSQL 17 and this is 18") as string,
  });
});

test("half-made things of killed starters are cleared away", async () => {
  const gone = runHub(folder.path);
  await killScript(gone);
  const left = join(folder.path, "postgres", `data.${gone.process.pid}`);
  mkdirSync(left, { recursive: true });
  await folder.start();
  expect(existsSync(left)).toBe(false);
});
