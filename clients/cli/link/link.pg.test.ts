import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

async function told(...args: string[]): Promise<string> {
  const { code, out } = await runCommand(["--data", hub.data, ...args]);
  expect(code).toBe(0);
  return out;
}

test("links are listed and shown, to people and to programs, and an unknown one is not found", async () => {
  expect(await told("link", "list")).toContain("No node has opened a link yet");
  const node = await hub.node("web");
  await node.ready();
  const reported = async () => await told("link", "list");
  await expect
    .poll(reported, { timeout: 10_000 })
    .toMatch(/^web +live +1 +\d+ sent, \d+ received/m);
  const shown = await told("link", "show", "web");
  expect(shown).toMatch(/^Both can +event\.batch, event\.stream/m);
  expect(shown).toMatch(/^Breaker +closed/m);
  expect(shown).toMatch(/^Bytes +[\d.]+ K?i?B sent/m);
  const json: unknown = JSON.parse(await told("link", "show", "web", "--output", "json"));
  expect(json).toMatchObject({ link: { nodeName: "web", live: true, terms: { protocol: 1 } } });
  const none = await runCommand(["--data", hub.data, "link", "show", "nobody"]);
  expect(none.code).not.toBe(0);
  expect(none.errors).toContain("link of nobody");
});
