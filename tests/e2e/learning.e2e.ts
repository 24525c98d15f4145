// How far each node is trusted, from the chart down to the signed event.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { NodeTrustSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  GetNetworkResponseSchema,
  ListTrustHistoryResponseSchema,
  ListTrustResponseSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { ListLinksResponseSchema } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { coloursOf, openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { answer } from "./told.ts";

let ground: Ground;
let watched: Watched;
let dark: Watched;

beforeAll(async () => {
  ground = await startGround("learning");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
  dark = await ground.openBeside(watched, "dark");
}, groundMs);

afterAll(() => ground?.stop());

async function open(path: string): Promise<void> {
  await watched.page.goto(ground.federation.webUrl + path);
}

async function resync(): Promise<void> {
  const { page } = watched;
  const button = page.getByRole("button", { name: "Resync" });
  await button.click();
  await page.getByText(/^Done in/).waitFor();
  await expect.poll(() => button.getAttribute("aria-busy")).toBe(null);
}

const explanation = () => watched.page.getByRole("complementary", { name: /^Why server / });

test("a resync judges every node and says so", async () => {
  const { page } = watched;
  await open("learning");
  await resync();
  const rows = page.getByRole("region", { name: "Trust of each node" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(4);
  await page.getByText(/^last cycle/).waitFor();
});

test("a score is explained by its inputs, down to the event that this browser verifies", async () => {
  const { page } = watched;
  await page.getByRole("button", { name: "server", exact: true }).first().click();
  await explanation().getByText("How it was computed").waitFor();
  await explanation().getByText("Heartbeats kept").waitFor();
  await explanation()
    .getByText(/^100 [x×]/)
    .waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await explanation()
    .getByRole("link", { name: /^Evidence for .*: event \d+$/ })
    .first()
    .click();
  const evidence = page.getByRole("dialog", { name: /^Evidence: event \d+$/ });
  await evidence.getByText("Verified by this browser").waitFor();
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "hidden" });
});

test("the picture of the network stands on an event that the hub signed", async () => {
  const { page } = watched;
  await open("learning");
  const figure = (name: string) =>
    page.locator("div", { has: page.getByText(name, { exact: true }) }).last();
  await expect.poll(() => figure("Participants").textContent()).toMatch(/3.*scored, 0 unknown/);
  await expect.poll(() => figure("Most reliable").textContent()).toMatch(/\d+\.\d$/);
  await expect.poll(() => figure("Slowest link").textContent()).toMatch(/\d ms$/);
  await expect.poll(() => figure("Last cycle").textContent()).toMatch(/took .* ms, person\/owner/);
  await page.getByRole("link", { name: /^\d+\.\d.*evidence for the robust mean$/ }).waitFor();
  await page.getByRole("link", { name: "Evidence for the network" }).click();
  const evidence = page.getByRole("dialog", { name: /^Evidence: event \d+$/ });
  await evidence.getByText("trust_aggregate").first().waitFor();
  await evidence.getByText("Verified by this browser").waitFor();
  await page.keyboard.press("Escape");
});

test("the chart is read by the arrow keys, and says whose trust it is made of", async () => {
  const { page } = watched;
  await open("learning");
  await resync();
  await resync();
  const chart = page.locator("svg.recharts-surface").first();
  await chart.waitFor();
  expect(await coloursOf(chart)).toBeGreaterThan(20);
  await page.getByText(/^Newest cycle/).waitFor();
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText(/^Cycle of/).waitFor();
  await page.getByText(/contributed: score/).waitFor();
  await page
    .getByText(/^weighs \d+ %$/)
    .first()
    .waitFor();
});

test("who is pointed at with the mouse is told, and opens as it stood in that cycle", async () => {
  const { page } = watched;
  await open("learning");
  const chart = page.locator("svg.recharts-surface").first();
  await chart.waitFor();
  const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {};
  await chart.hover({ position: { x: width / 8, y: height / 2 } });
  await page.getByText(/^Cycle of/).waitFor();
  await page.getByRole("button", { name: /^server \d+\.\d weighs \d+ %$/ }).click();
  await explanation().getByText("How it was computed").waitFor();
  await expect.poll(() => page.url()).toMatch(/cycle=cyc_/);
});

test("the chart has a twin in rows", async () => {
  const { page } = watched;
  await open("learning");
  await page
    .getByRole("group", { name: "Show the history as" })
    .getByRole("button", { name: "Table" })
    .click();
  const rows = page.getByRole("region", { name: /over time, newest first$/ }).getByRole("row");
  await expect.poll(() => rows.count()).toBeGreaterThan(2);
  await rows.last().getByRole("button").click();
  await page.getByText(/^Cycle of/).waitFor();
  await page.getByRole("button", { name: "Show the newest" }).click();
  await page.getByText(/^Newest cycle/).waitFor();
});

test("another page learns of a cycle without asking", async () => {
  await dark.page.goto(`${ground.federation.webUrl}learning`);
  await dark.page.getByText(/person\/owner/).waitFor();
  const newest = dark.page.getByText(/^took /);
  const before = await newest.textContent();
  await open("learning");
  await resync();
  await expect.poll(() => newest.textContent()).not.toBe(before);
  expect(await offencesOn(dark.page)).toEqual([]);
});

test("the map's colours tell trust when asked to, and a node's panel says why", async () => {
  const { page } = watched;
  await open("node");
  await page.getByRole("button", { name: "Trust", exact: true }).click();
  await expect.poll(() => page.url()).toContain("colour=trust");
  const card = page.getByRole("button", { name: /^server/ });
  await card.getByText(/^\d+\.\d$/).waitFor();
  await page.getByText("80 and more").waitFor();
  await card.click();
  const panel = page.getByRole("complementary", { name: "Node server" });
  await panel.getByText("Heartbeats kept").waitFor();
  await panel.getByText("Its link").waitFor();
  await panel.getByText(/^protocol 1/).waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("a thousand nodes are ranked, found and told in one glance", async () => {
  const { page } = await ground.openBeside(watched);
  const trust: MessageInitShape<typeof NodeTrustSchema>[] = Array.from(
    { length: 1_000 },
    (_, at) => ({ nodeId: `node_${at}`, nodeName: `node-${at}`, score: at / 10 }),
  );
  const aggregate = { participants: 1_000, networkHealth: NetworkHealth.CRITICAL };
  const network = create(GetNetworkResponseSchema, { cycle: { id: "cyc_1", aggregate } });
  const service = "foedus.learning.v1.LearningService";
  await answer(page, `${service}/GetNetwork`, GetNetworkResponseSchema, network);
  await answer(page, `${service}/ListTrust`, ListTrustResponseSchema, { trust });
  const points = [{ cycleId: "cyc_1", endMs: 1n, score: 0, median: 50 }];
  await answer(page, `${service}/ListTrustHistory`, ListTrustHistoryResponseSchema, { points });
  await page.goto(`${ground.federation.webUrl}learning`);
  const table = page.getByRole("region", { name: "Trust of each node" });
  await table.getByRole("button", { name: "node-199", exact: true }).waitFor();
  expect(await table.getByRole("row").count()).toBe(201);
  await page.getByText("Critical", { exact: true }).first().waitFor();
  await page.getByText("and 988 more, lighter ones").waitFor();
  await page.getByRole("searchbox", { name: "Find nodes" }).fill("node-999");
  await table.getByRole("button", { name: "node-999", exact: true }).waitFor();
  expect(await table.getByRole("row").count()).toBe(2);
  expect(await offencesOn(page)).toEqual([]);
});

test("a thousand links are sorted by who is in trouble", async () => {
  const { page } = await ground.openBeside(watched);
  const links = Array.from({ length: 1_000 }, (_, at) => ({
    nodeId: `node_${at}`,
    nodeName: `node-${at}`,
    live: at % 7 !== 0,
    counts: { errors: BigInt(at), consecutiveFailures: at % 7 === 0 ? 3 : 0 },
  }));
  await answer(page, "foedus.link.v1.LinkService/ListLinks", ListLinksResponseSchema, { links });
  await page.goto(`${ground.federation.webUrl}link`);
  const table = page.getByRole("region", { name: "Links of the nodes" });
  await table.getByRole("button", { name: "Errors" }).click();
  await table.getByRole("button", { name: "Errors" }).click();
  await expect.poll(() => table.getByRole("row").nth(1).textContent()).toContain("node-999");
  await page.getByText("857 of 1,000 live").waitFor();
  await page.getByText("Showing 200 of 1,000").waitFor();
  expect(await table.getByRole("row").count()).toBe(201);
  await page.getByRole("button", { name: "Show 200 more" }).click();
  await page.getByText("Showing 400 of 1,000").waitFor();
  expect(await table.getByRole("row").count()).toBe(401);
});

test("the pages broke no policy and threw nothing", () => {
  expect([...watched.complaints, ...dark.complaints]).toEqual([]);
});
