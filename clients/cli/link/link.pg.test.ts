import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { addressKept, lead, openRelay } from "../../../tests/support/relay.ts";
import { openNode } from "../../sdk/open.ts";

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
  await expect.poll(reported).toMatch(/^web +live +1 +\d+ sent, \d+ received/m);
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

test("a connection that was cut shows as healed, with what the node itself counted", async () => {
  const folder = await hub.join("cut");
  const relay = await openRelay(await addressKept(folder));
  await lead(folder, relay.address);
  const node = await openNode(folder);
  await node.ready();
  const links = hub.session().as(LinkService);
  const heals = async () => (await links.getLink({ node: "cut" })).link?.counts?.heals;
  await expect.poll(heals).toBe(0);
  relay.sever();
  await expect.poll(heals).toBe(1);
  // The last report tells what passed before it.
  const { messagesSent, messagesReceived, errors } = node.status().link.counts;
  await node.close();
  const shown = await told("link", "show", "cut");
  expect(shown).toMatch(/^Link +away/m);
  expect(shown).toMatch(/^Healed +1 time$/m);
  expect(shown).toMatch(/^Breaker +closed/m);
  const passed = `${messagesSent} sent, ${messagesReceived} received`;
  expect(shown).toMatch(new RegExp(`^Messages +${passed}$`, "m"));
  expect(shown).toMatch(new RegExp(`^Errors +${Number(errors) === 0 ? "none" : errors}$`, "m"));
});
