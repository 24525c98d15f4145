// Set-ups that operators meet, each broken for real, mended by the very line that the doctor
// prints, and found healthy after it.
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { cloneDatabase, onDatabase, runStatement } from "../../../tests/support/database.ts";
import { worldOff } from "../../../tests/support/federated.ts";
import { makeDataFolder } from "../../../tests/support/folder.ts";
import { startHubProcess } from "../../../tests/support/hub.process.ts";
import {
  openShell,
  program,
  type Diagnosis,
  type OperatorShell,
} from "../../../tests/support/operator.ts";
import { parseFields } from "../json.ts";

/** So short that a node which is not run has soon slept through it. */
const certificateMs = 4_000;

const offMs = 3 * 3_600_000;

const around = makeDataFolder("doctor");
const hubFolder = join(around, "hub");
const project = join(around, "project");
const nodeFolder = join(around, "node");
let shell: OperatorShell;
let hub: ChildProcess;
let invitation: string;

beforeAll(async () => {
  const { url } = await cloneDatabase();
  mkdirSync(project);
  const first = await startHubProcess({ data: hubFolder, url });
  invitation = first.ready.invitation;
  const { web, node, join: joins } = first.ready;
  await first.stop();
  shell = openShell(around, {
    DATABASE_URL: url,
    FOEDUS_DATA: hubFolder,
    FOEDUS_WEB_PORT: portOf(web),
    FOEDUS_NODE_PORT: portOf(node),
    FOEDUS_JOIN_PORT: portOf(joins),
    FOEDUS_JOIN_RATE: "100000",
    FOEDUS_CONTROL_RATE: "100000",
    FOEDUS_CERTIFICATE_MS: String(certificateMs),
  });
});
afterAll(async () => {
  await shell.exit();
  rmSync(around, { recursive: true, force: true });
});

function portOf(address: string): string {
  return new URL(address.includes("://") ? address : `tcp://${address}`).port;
}

const isWell = ({ well }: Diagnosis) => well;

test("a hub that does not run", async () => {
  const { code, out } = await shell.run("foedus doctor --output json");
  expect(code).toBe(1);
  const { well, findings } = JSON.parse(out) as Diagnosis;
  expect(well).toBe(false);
  const line = `foedus hub serve --data ${hubFolder}`;
  expect(findings.filter(({ state }) => state === "bad")).toEqual([
    {
      what: "process",
      state: "bad",
      detail: "no hub holds the folder",
      why: "nobody can join and nothing is told while no hub runs",
      cause: "",
      fix: line,
      line,
      reason: "",
    },
  ]);
  hub = shell.start(line);
  await shell.until({}, isWell);
});

test("a healthy hub: every finding is good, and says so shortly", async () => {
  const { findings } = await shell.doctor();
  expect(findings.filter(({ state }) => state !== "good")).toEqual([]);
  for (const { detail } of findings) expect(detail.length).toBeLessThan(100);
  const { code, out } = await shell.run("foedus doctor");
  expect(code).toBe(0);
  expect(out).toMatch(/^ok {5}access {12}mode approval; nobody waits to join$/m);
  expect(out).toMatch(/^All is well\.$/m);
});

test("keys that others can read", async () => {
  const keys = ["hub.json", "intermediate.pem"].map((name) => join(hubFolder, "keys", name));
  await Promise.all(keys.map((file) => chmod(file, 0o644)));
  const { first } = await shell.doctor();
  expect(first()).toMatchObject({
    what: "keys",
    detail: "others can read hub.json and intermediate.pem",
    why: "whoever reads them can pass for this hub",
  });
  await shell.run(first().line);
  expect(keys.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  expect((await shell.doctor()).well).toBe(true);
});

test("a port that another program took while the hub was down", async () => {
  await shell.stop(hub);
  const port = Number(shell.env.FOEDUS_WEB_PORT);
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  await once(other, "listening");
  const { first } = await shell.doctor();
  expect(first()).toMatchObject({ what: "web port", reason: "PORT_IN_USE" });
  expect(first().detail).toContain(`port ${port} (web) is in use by`);
  expect(first().line).toMatch(/^foedus hub serve --data \S+ --web-port \d+$/);
  hub = shell.start(first().line);
  await shell.until({}, isWell);
  other.close();
});

let instance: ChildProcess;
const node = nodeFolder;

test("a newcomer that waits for an admin, and then for somebody to run it", async () => {
  const joining = shell.run(
    `foedus node join '${invitation}' --no-token --name web --data ${nodeFolder}`,
  );
  const waits = ({ of }: Diagnosis) => of("process")?.detail.endsWith("waits for the answer");
  const { first } = await shell.until({ node }, (seen) => waits(seen) === true);
  expect(first().what).toBe("identity");
  expect(first().detail).toContain("and waits for an admin");
  const queue = ({ of }: Diagnosis) => of("access")?.detail.includes("1 waits for an admin");
  expect((await shell.until({}, (seen) => queue(seen) === true)).well).toBe(true);
  expect((await shell.run(first().line)).out).toContain("may join as member");
  expect((await joining).code).toBe(0);

  const asleep = await shell.doctor({ node });
  expect(asleep.first()).toMatchObject({ what: "process", detail: "nobody runs this node" });
  instance = shell.start(asleep.first().line, project);
  await shell.until({ node }, isWell);
});

test("a node that an admin quarantined", async () => {
  await shell.run("foedus access quarantine web --reason 'a look'");
  const { first } = await shell.doctor({ node });
  expect(first()).toMatchObject({ what: "standing", reason: "NODE_QUARANTINED" });
  expect(first().detail).toContain("a look");
  expect((await shell.doctor()).of("nodes")?.detail).toContain("1 quarantined");
  expect((await shell.run(first().line)).out).toContain("is released");
  await shell.until({ node }, isWell);
});

test("a node that slept until its certificate had lapsed", async () => {
  await shell.stop(instance);
  const { of, first } = await shell.until({ node }, (seen) => {
    return seen.of("certificate")?.state === "doubtful";
  });
  expect(of("certificate")?.detail).toMatch(/^ended /);
  expect(of("certificate")?.line).toBe(first().line);
  instance = shell.start(first().line, project);
  await shell.until({ node }, isWell);
});

test("a clock that is hours off", async () => {
  const world = worldOff(offMs);
  const { of, well } = await shell.doctor({ world });
  const line = "sudo timedatectl set-ntp true";
  expect(of("clock")).toMatchObject({ state: "doubtful", line });
  expect(of("clock")?.detail).toMatch(/^[23] h .*ahead of the hub's$/);
  expect(well).toBe(true);
  world.offMs = 0;
  expect((await shell.doctor({ world })).of("clock")?.detail).toBe("as the hub's");
});

test("a database whose user may not do what a hub needs", async () => {
  const admin = new URL(inject("adminUrl"));
  const name = `lacks_${randomBytes(4).toString("hex")}`;
  await runStatement(admin.href, `create role ${name} login password 'secret'`);
  await runStatement(admin.href, `create database ${name}`);
  const url = new URL(onDatabase(admin.href, name));
  [url.username, url.password] = [name, "secret"];
  const own = join(around, "second");
  mkdirSync(join(own, "hub"), { recursive: true });
  const ports = { FOEDUS_WEB_PORT: "0", FOEDUS_NODE_PORT: "0", FOEDUS_JOIN_PORT: "0" };
  const env = { DATABASE_URL: url.href, FOEDUS_DATA: join(own, "hub"), ...ports };
  const second = openShell(own, { ...env, PGPASSWORD: decodeURIComponent(admin.password) });
  onTestFinished(() => second.exit());
  const psql = fileURLToPath(new URL("../../../tests/support/psql.ts", import.meta.url));
  program(join(own, "bin"), "psql", `exec "${process.execPath}" "${psql}" "$@"`);

  const { first, of } = await second.doctor();
  expect(first()).toMatchObject({ what: "database", reason: "DATABASE_ROLES_MISSING" });
  expect(first().line).toMatch(/^psql --host=\S+ --port=\d+ --username=postgres --dbname=lacks_/);
  expect(of("process")?.state).toBe("bad");
  // The superuser of this server has another name than usual.
  const line = first().line.replace("--username=postgres", `--username=${admin.username}`);
  expect(await second.run(line)).toMatchObject({ code: 0, errors: "" });
  const mended = await second.doctor();
  expect(mended.of("database")?.detail).toMatch(/^PostgreSQL [\d.]+, \d+ migrations to come$/);
  second.start(mended.first().line);
  await second.until({}, isWell);
});

test("a database that is not there", async () => {
  const url = onDatabase(inject("adminUrl"), "nowhere");
  const third = openShell(join(around, "third"), { DATABASE_URL: url, FOEDUS_DATA: around });
  const { first } = await third.doctor();
  expect(first()).toMatchObject({ what: "database", reason: "DATABASE_UNREACHABLE" });
  expect(first().line).toMatch(/^createdb --host=\S+ --port=\d+ --username=postgres nowhere$/);
});

test("the hub of a saved context is looked at in its own folder, or from outside", async () => {
  const away = openShell(join(around, "away"), {});
  await away.run(`foedus context add home --folder ${hubFolder}`);
  expect((await away.doctor()).of("folder")?.detail).toBe(hubFolder);
  const { web, session } = parseFields(readFileSync(join(hubFolder, "cli.json"), "utf8"));
  const file = join(around, "away", "session");
  writeFileSync(file, String(session));
  await away.run(`foedus context add far --hub ${String(web)} --session-file ${file}`);
  await away.run("foedus context use far");
  const { well, of } = await away.doctor();
  expect(well).toBe(true);
  expect(of("folder")).toBeUndefined();
  expect(of("session file")?.detail).toContain("the context far names http://127.0.0.1:");
});
