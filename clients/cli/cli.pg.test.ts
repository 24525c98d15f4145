import { mkdir, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, type CommandOptions } from "../../tests/support/command.ts";
import { cloneDatabase } from "../../tests/support/database.ts";
import { type HubProcess, startHubProcess } from "../../tests/support/hub.process.ts";

let folder: string;
let hubFolder: string;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-cli-"));
  hubFolder = join(folder, "hub");
  hub = await startHubProcess({ data: hubFolder, url: (await cloneDatabase()).url });
});
afterAll(() => hub.kill());

function foedus(args: readonly string[], options: CommandOptions = {}) {
  return runCommand(["--data", hubFolder, ...args], options);
}

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await foedus(args);
  expect(errors).not.toContain("To mend it");
  expect(code).toBe(0);
  return out;
}

async function json(...args: string[]): Promise<unknown> {
  return JSON.parse(await told(...args, "--output", "json"));
}

test("a hub without nodes says what to do next", async () => {
  const out = await told("node", "list");
  expect(out).toContain("No node has joined this hub yet.");
  expect(out).toContain("npx foedus token create --name web");
  expect(await json("node", "list")).toEqual({ nodes: [], nextPageToken: "" });
});

test("the status tells people and programs the same", async () => {
  const out = await told("hub", "status");
  expect(out).toContain(hub.ready.invitation);
  expect(out).toMatch(/^identity +P0 +serving/m);
  const { status } = (await json("hub", "status")) as { status: Record<string, unknown> };
  expect(status).toMatchObject({ invitation: hub.ready.invitation, draining: false });
});

test("the config names each value's source, and no secret", async () => {
  const out = await told("hub", "config");
  expect(out).toMatch(/^web_port +\d+ +flag --web-port/m);
  expect(out).toMatch(/^lease_ms +15000 +default/m);
  expect(out).toMatch(/^database_url +\(secret\) +environment DATABASE_URL/m);
  const planned = await foedus(["hub", "config", "--lease-ms", "9000"]);
  expect(planned.out).toMatch(/^lease_ms +9000 +flag --lease-ms/m);
  expect(planned.errors).toContain("No hub was asked");
});

test("a token is made, listed, cancelled, and cancelled again without harm", async () => {
  const out = await told("token", "create", "--name", "web", "--lifetime", "45m30s");
  expect(out).toContain("This token admits one node, named web, as member. It ends in 45 min.");
  const [, id = "", secret = ""] = /Token +(fjt_[0-9a-z]{26})\.([\w-]{43})\./.exec(out) ?? [];
  expect(out).toContain(`npx foedus node join '${hub.ready.invitation}' --data ./web`);
  expect(await told("token", "list")).toMatch(new RegExp(`^${id} +open, ends in 45 min +web`, "m"));
  expect(await told("token", "list")).not.toContain(secret);
  expect(await told("token", "cancel", id)).toContain("admits nobody any more");
  expect(await told("token", "cancel", id)).toContain("admits nobody any more");
  expect(await told("token", "list")).toMatch(
    new RegExp(`^${id} +cancelled (just now|\\d+ s ago)`, "m"),
  );
  expect(await json("token", "list")).toMatchObject({ tokens: [{ id, cancelled: true }] });
});

test("a token that goes to a file is shown nowhere, and only its owner reads it", async () => {
  const file = join(folder, "token.txt");
  const out = await told("token", "create", "--token-out", file);
  const token = (await readFile(file, "utf8")).trim();
  expect(token).toMatch(/^fjt_/);
  expect(out).not.toContain(token);
  expect(out).toContain(`--token-file ${file}`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = await foedus(["token", "create", "--token-out", file]);
  expect(again.code).toBe(2);
  expect(again.errors).toContain("(FILE_UNUSABLE)");
  expect((await readFile(file, "utf8")).trim()).toBe(token);
});

test("a program gets the secret and nothing else on its standard output", async () => {
  const { code, out } = await foedus(["token", "create", "--role", "observer", "--output", "json"]);
  const answer: unknown = JSON.parse(out);
  const { invitation } = hub.ready;
  expect(code).toBe(0);
  expect(answer).toMatchObject({ token: { role: "ROLE_OBSERVER" }, invitation });
  expect(answer).toHaveProperty("secret", expect.stringMatching(/^fjt_/));
});

test("a link for a browser, and who we are", async () => {
  const { out } = await foedus(["person", "link"]);
  expect(out).toMatch(new RegExp(`^${hub.ready.web}\\S*#code=\\S+\\n$`));
  expect(await told("person", "whoami")).toMatch(/^Person +Owner$/m);
  expect(await json("person", "whoami")).toMatchObject({ person: { role: "ROLE_ADMIN" } });
});

test("instances are asked for their summaries, with the reason, and the log has it", async () => {
  const out = await told("event", "request", "--reason", "before the review");
  expect(out).toContain("Asked. 0 nodes may hear it");
  expect(await json("event", "request")).toEqual({ nodes: 0 });
  const { code } = await foedus(["event", "request", "--reason", "x".repeat(201)]);
  expect(code).toBe(2);
  const log = await told("event", "replay", "--type", "graph.summary.requested");
  expect(log).toContain("before the review");
});

test.each([
  [["node", "show", "nobody"], 3, "NOT_FOUND"],
  [["node", "retire", "nobody", "--yes"], 3, "NOT_FOUND"],
  [["node", "retire", "nobody"], 2, "CONFIRMATION_MISSING"],
  [["node", "revoke", "nobody", "--reason", "x"], 2, "CONFIRMATION_MISSING"],
  [["node", "revoke", "nobody", "--yes"], 2, "COMMAND_INVALID"],
  [["token", "cancel", "fjt_nope"], 3, "NOT_FOUND"],
  [["token", "create", "--lifetime", "3w"], 2, "COMMAND_INVALID"],
  [["token", "create", "--name", "Not A Name"], 2, "COMMAND_INVALID"],
  [["node", "join", "foedus://nonsense"], 2, "INVITATION_INVALID"],
  [["event", "show", "none"], 2, "COMMAND_INVALID"],
  [["event", "show", "999999"], 6, "CURSOR_LOST"],
  [["event", "replay", "--node", "nobody"], 3, "NOT_FOUND"],
])("%j ends with %i and names %s, to people and to programs", async (args, code, reason) => {
  const [people, programs] = await Promise.all([
    foedus(args),
    foedus([...args, "--output", "json"]),
  ]);
  expect(people).toMatchObject({ code, out: "" });
  expect(people.errors).toContain("To mend it: ");
  expect(people.errors).toContain(`(${reason})`);
  expect(programs).toMatchObject({ code, out: "" });
  expect(JSON.parse(programs.errors)).toMatchObject({ error: { reason, exitCode: code } });
});

test("a session of somebody else is refused with the way to mend it", async () => {
  const env = { FOEDUS_HUB: hub.ready.web, FOEDUS_SESSION: `fse_${"x".repeat(43)}` };
  const { code, errors } = await runCommand(["node", "list"], { env });
  expect(code).toBe(4);
  expect(errors).toContain("(SESSION_UNKNOWN)");
  expect(errors).toContain("foedus hub serve");
});

test("where no hub was started, the command says how to start one", async () => {
  const { code, errors } = await runCommand(["node", "list", "--data", join(folder, "nowhere")]);
  expect(code).toBe(4);
  expect(errors).toContain("start it (`foedus hub serve`)");
});

test("where the hub is down, the command says so and what mends it", async () => {
  const down = join(folder, "down");
  const { web } = hub.ready;
  await writeDown(down, web);
  for (const args of [
    ["hub", "status"],
    ["node", "watch"],
    ["event", "tail"],
  ]) {
    const { code, errors } = await runCommand([...args, "--data", down]);
    expect(code).toBe(5);
    expect(errors).toContain("(HUB_UNREACHABLE)");
  }
});

async function writeDown(place: string, web: string): Promise<void> {
  await mkdir(place, { recursive: true });
  const session = JSON.stringify({ web: web.replace(/:\d+/, ":1"), session: "fse_x" });
  await writeFile(join(place, "cli.json"), session);
}

test("the doctor finds nothing, and then finds what is wrong", async () => {
  const out = await told("doctor");
  expect(out).toContain("All is well.");
  expect(out).not.toMatch(/^(wrong|doubt)/m);
  expect(await json("doctor")).toMatchObject({ well: true });
  const nowhere = await runCommand(["doctor", "--data", join(folder, "nowhere")]);
  expect(nowhere.code).toBe(1);
  expect(nowhere.out).toMatch(/^wrong +folder/m);
  expect(nowhere.out).toContain(`To mend it: foedus hub serve --data ${join(folder, "nowhere")}`);
});
