import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PresenceSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { parseFields } from "./json.ts";
import { runCommand, startCommand, type CommandOptions } from "../../tests/support/command.ts";
import { cloneDatabase } from "../../tests/support/database.ts";
import { type HubProcess, samePorts, startHubProcess } from "../../tests/support/hub.process.ts";

let hubFolder: string;
let web: string;
let url: string;
let hub: HubProcess;
let node: FoedusNode;

/** What a hostile project might call itself. */
const hostile = "Web\u001b[2J\u202e";

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "foedus-cli-"));
  [hubFolder, web] = [join(folder, "hub"), join(folder, "web")];
  ({ url } = await cloneDatabase());
  hub = await startHubProcess({
    data: hubFolder,
    url,
    flags: ["--heartbeat-ms", "500"],
  });
  const made = await foedus(["token", "create", "--name", "web", "--output", "json"]);
  const { secret, invitation } = parseFields(made.out);
  const args = ["node", "join", String(invitation), "--data", web];
  const joined = await runCommand(args, { input: `${String(secret)}\n` });
  if (!joined.out.startsWith("Joined as web (node_")) throw new Error(joined.errors);
});
afterAll(async () => {
  await node?.close();
  await hub?.kill();
});

function foedus(args: readonly string[], options: CommandOptions = {}) {
  return runCommand(["--data", hubFolder, ...args], options);
}

function tell(title: string) {
  return node.publish(PresenceSchema, { projectSlug: "web", title });
}

test("a node that joined and never ran is named, with what starts it", async () => {
  const { out } = await foedus(["node", "list"]);
  expect(out).toContain("Joined, and waiting to be started: web.");
  const again = await runCommand(["node", "join", hub.ready.invitation, "--data", web]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.out).toContain("This folder had joined before, as web");
});

test("a node is watched from offline to maintenance to retired", async () => {
  const watch = startCommand(["--data", hubFolder, "node", "watch"]);
  await watch.wrote("errors", /No node has joined yet/);
  node = await openNode(web);
  await node.register({ kind: NodeKind.INSTANCE, project: "web", title: hostile });
  await watch.wrote("out", /web is new and/);
  await watch.wrote("out", /web was offline, is online/);
  expect((await foedus(["node", "maintenance", "on", "web", "--reason", "disk"])).code).toBe(0);
  await watch.wrote("out", /web was online, is maintenance: disk/);
  const shown = await foedus(["node", "show", "web"]);
  expect(shown.out).toMatch(/^Waits for +an admin: foedus node maintenance off web$/m);
  expect(shown.out).toMatch(/^Title +Web\\x1b\[2J\\u\{202e\}$/m);
  expect((await foedus(["node", "maintenance", "off", "web"])).out).toContain("It is online.");
  watch.child.kill("SIGINT");
  const ended = await watch.ended;
  expect(ended.code).toBe(130);
  expect(ended.errors).not.toContain("foedus:");
});

test("the list, the doctor and the identity agree that all is well", async () => {
  expect((await foedus(["node", "list"])).out).toMatch(/^web +online +/m);
  expect((await foedus(["identity", "list"])).out).toMatch(/^web +trusted +member/m);
  const { code, out } = await runCommand(["doctor", "--node", web]);
  expect(code).toBe(0);
  expect(out).toMatch(/^ok +standing +online to the hub/m);
});

test("an event is shown with the evidence that this side computed", async () => {
  await tell(hostile);
  const replayed = await foedus(["event", "replay", "--type", "hub.presence", "--verify"]);
  expect(replayed.out).toContain("Web\\x1b[2J\\u{202e} (web) is here");
  const [, cursor = ""] = /^#(\d+)/.exec(replayed.out) ?? [];
  const shown = await foedus(["event", "show", cursor]);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/^Root +[0-9a-f]{64}$/m);
  expect(shown.out).toContain("Proved here: web signed exactly this.");
  expect(shown.out).not.toContain("\u001b");
  const told = await foedus(["event", "show", `#${cursor}`, "--output", "json"]);
  expect(parseFields(told.out)).toMatchObject({
    proved: true,
    event: { payload: { title: hostile } },
  });
});

test("a tail loses nothing and repeats nothing when the hub is killed and comes back", async () => {
  const tail = startCommand([
    "--data",
    hubFolder,
    "event",
    "tail",
    "--type",
    "hub.presence",
    "--output",
    "json",
  ]);
  await tail.wrote("errors", /Waiting for more/);
  await tell("before");
  await tail.wrote("out", /"title":"before"/);
  await hub.kill();
  await tail.wrote("errors", /The hub is away/);
  const meanwhile = tell("while it was away");
  hub = await startHubProcess({ data: hubFolder, url, flags: samePorts(hub.ready) });
  await meanwhile;
  await tell("after");
  await tail.wrote("out", /"title":"after"/);
  await tail.wrote("errors", /The hub is back/);
  tail.child.kill("SIGINT");
  const { code, out } = await tail.ended;
  expect(code).toBe(130);
  const lines = out.trim().split("\n").map(parseFields);
  const titles = ["before", "while it was away", "after"];
  expect(lines).toMatchObject(titles.map((title) => ({ kind: "event", payload: { title } })));
});

test("a log that was restored from an older backup is a gap, and the tail says so", async () => {
  const replay = await foedus(["event", "replay", "--after", "900000", "--output", "json"]);
  expect(replay.code).toBe(0);
  expect(JSON.parse(replay.out.split("\n")[0] ?? "")).toMatchObject({
    kind: "gap",
    toCursor: "900000",
  });
  expect((await foedus(["event", "replay", "--after", "900000"])).out).toMatch(
    /^gap: #\d+ to #900000/,
  );
});

test("whoever reads enough and leaves does no harm", async () => {
  const replay = startCommand(["--data", hubFolder, "event", "replay"]);
  replay.child.stdout?.destroy();
  expect((await replay.ended).errors).not.toContain("EPIPE");
});

test("a retired node is out, and its doctor says why", async () => {
  expect((await foedus(["node", "retire", "web", "--yes", "--reason", "old"])).code).toBe(0);
  expect((await foedus(["node", "list"])).out).not.toMatch(/^web /m);
  expect((await foedus(["node", "list", "--all"])).out).toMatch(/^web +retired/m);
  await expect
    .poll(async () => (await foedus(["identity", "list"])).out)
    .toMatch(/^web +revoked: /m);
  const { code, out } = await runCommand(["doctor", "--node", web]);
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong +standing/m);
});

test("a session file that others can read is wrong, and the line mends it", async () => {
  const file = join(hubFolder, "cli.json");
  await chmod(file, 0o644);
  const { code, out } = await foedus(["doctor"]);
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong +session secret +others can read cli\.json$/m);
  expect(out).toMatch(new RegExp(`To mend it: chmod 600 ${file}$`, "m"));
});
