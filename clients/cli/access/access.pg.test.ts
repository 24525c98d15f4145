import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, type CommandOptions } from "../../../tests/support/command.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { type HubProcess, startHubProcess } from "../../../tests/support/hub.process.ts";

let folder: string;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-access-"));
  hub = await startHubProcess({ data: join(folder, "hub"), url: (await cloneDatabase()).url });
});
afterAll(() => hub.kill());

function foedus(args: readonly string[], options: CommandOptions = {}) {
  return runCommand(["--data", join(folder, "hub"), ...args], options);
}

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await foedus(args);
  expect({ code, errors }).toMatchObject({ code: 0 });
  return out;
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse(await told(...args, "--output", "json")) as T;
}

interface Requests {
  readonly joinRequests: { fingerprint: string; name: string; state: string }[];
}

async function waitingAs(name: string): Promise<string> {
  for (;;) {
    const { joinRequests } = await json<Requests>("access", "requests");
    const found = joinRequests.find((one) => one.name === name);
    if (found !== undefined) return found.fingerprint;
  }
}

function joins(name: string) {
  const at = ["--data", join(folder, name), "--name", name, "--no-token"];
  return runCommand(["node", "join", hub.ready.invitation, ...at]);
}

test("a node without a token shows its fingerprint, and joins once that is approved", async () => {
  const joining = joins("patient");
  const fingerprint = await waitingAs("patient");
  expect(await told("access", "requests")).toMatch(
    new RegExp(`^${fingerprint} +patient +waiting`, "m"),
  );
  expect(await told("access", "approve", fingerprint)).toContain("patient may join as member");
  const { code, out, errors } = await joining;
  expect(errors).toContain(fingerprint);
  expect(errors).toContain(`foedus access approve ${fingerprint}`);
  expect(errors).toContain("an admin of the tenant main");
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining("Joined as patient") as string,
  });
});

test("a node that is denied hears why", async () => {
  const joining = joins("unwanted");
  const fingerprint = await waitingAs("unwanted");
  await told("access", "deny", fingerprint, "--reason", "nobody knows it", "--block");
  const { code, errors } = await joining;
  expect(code).not.toBe(0);
  expect(errors).toContain("nobody knows it");
  expect(await told("access", "rules")).toMatch(new RegExp(`^block +${fingerprint}`, "m"));
  expect(await told("access", "unblock", fingerprint)).toContain("off the block list");
  expect(await told("access", "rules")).toContain("Both lists are empty.");
});

test("without a token and without anybody to ask, nothing waits unawares", async () => {
  const at = ["--data", join(folder, "lost")];
  const { code, errors } = await runCommand(["node", "join", hub.ready.invitation, ...at]);
  expect(code).not.toBe(0);
  expect(errors).toContain("no join token was given");
});

test("the mode is shown, changed, and refuses what it does not know", async () => {
  expect(await told("access", "show")).toMatch(/^Mode +approval/m);
  expect(await told("access", "mode", "invite", "--reason", "an audit")).toContain("invite");
  const { settings } = await json<{ settings: object }>("access", "show");
  expect(settings).toMatchObject({ mode: "ACCESS_MODE_INVITE", reason: "an audit" });
  expect(await told("access", "allow", "guest*", "--reason", "friends")).toContain("guest*");
  const reset = ["access", "reset", "allow", "--reason", "over", "--yes"];
  expect(await told(...reset)).toContain("it had 1 rule");
  expect((await foedus(["access", "mode", "closed"])).errors).toContain("open, approval or invite");
});

test("a node is quarantined, released, and given another role", async () => {
  const reason = ["--reason", "a look"];
  expect(await told("access", "quarantine", "patient", ...reason, "--cursor", "1", "2")).toContain(
    "foedus access release patient",
  );
  expect(await told("identity", "list")).toContain("quarantined: a look");
  expect(await told("access", "release", "patient", ...reason)).toContain("is released");
  expect(await told("access", "role", "patient", "observer")).toContain("is observer");
  expect(await told("identity", "list")).toMatch(/^patient +trusted +observer/m);
});
