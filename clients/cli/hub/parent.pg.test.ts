import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { testHub } from "../../../tests/support/federated.ts";
import { startHubProcess } from "../../../tests/support/hub.process.ts";

test("a hub started with a parent shows in its status how the two stand", async () => {
  const parent = await testHub();
  const folder = await mkdtemp(join(tmpdir(), "foedus-child-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [data, tokenFile] = [join(folder, "hub"), join(folder, "token")];
  await writeFile(tokenFile, (await parent.session().token("")).secret);
  const flags = ["--parent", parent.invitation(), "--parent-token-file", tokenFile];
  const named = [...flags, "--parent-name", "branch"];
  const { url } = await cloneDatabase();
  const child = await startHubProcess({ data, url, flags: named });
  onTestFinished(() => child.kill());
  const status = async () => (await runCommand(["--data", data, "hub", "status"])).out;
  await expect.poll(status).toMatch(/^Uplink +connected/m);
  const out = await status();
  expect(out).toContain(parent.invitation());
  expect(out).toMatch(/^uplink +P2 +serving/m);
  const { out: above } = await runCommand(["--data", parent.data, "node", "show", "branch"]);
  expect(above).toMatch(/^About +A hub without nodes\./m);
});
