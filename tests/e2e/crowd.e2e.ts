// A crowd that changes all the time: its clusters keep still, and the page keeps nothing of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { heldBy } from "../support/held.ts";
import { framesInside, notedInside, watchInside } from "../support/inside.ts";
import type { Populated } from "../support/populated/shape.ts";
import { openPage, startBrowser, type Watched } from "./browser.ts";
import { groundMs, preparePage } from "./ground.ts";
import { startPopulated } from "./populated.ts";
import { streamed, tellStreams } from "./told-sync.ts";

const count = 200;
const joining = 24;
/** So many at once keep a hub busy. */
const atOnce = 12;
const settleFrames = 30;

let populated: Populated;
let browser: Browser;
let watched: Watched;

beforeAll(async () => {
  await preparePage();
  populated = await startPopulated({ name: "crowd", count, joining });
  browser = await startBrowser();
  watched = await openPage(browser);
  await watched.page.goto(await populated.session().link());
  await watched.page.locator('[data-level="cluster"] [data-cluster]').first().waitFor();
}, groundMs);

afterAll(async () => {
  await browser?.close();
  await populated?.stop();
});

/** Turns nodes degraded and well again, and waits until the page has it. */
async function change(updates: number): Promise<void> {
  const members = populated.members.filter(({ planned }) => planned.standing === "online");
  const beats = Array.from({ length: updates }, (_, at) => ({
    member: members[at % members.length],
    reason: Math.floor(at / members.length) % 2 === 0 ? "it is changed" : undefined,
  }));
  for (let at = 0; at < updates; at += atOnce) {
    const together = beats.slice(at, at + atOnce);
    await Promise.all(together.map(async ({ member, reason }) => await member?.beat(reason)));
  }
  await framesInside(watched.page, settleFrames);
}

test("two hundred updates move nothing of the clusters they are told by", async () => {
  const { page } = watched;
  await framesInside(page, settleFrames);
  const words = async () => await page.locator("[data-cluster]").allTextContents();
  const before = await words();
  await watchInside(page);
  await change(200);
  await expect.poll(words).not.toEqual(before);
  expect((await notedInside(page)).shifts).toEqual([]);
});

test("a cluster says how many of its nodes have copies that are late", async () => {
  const { page, context } = await openPage(browser);
  await context.addCookies(await watched.context.cookies());
  const everybody = { size: 1_000 };
  const { nodes } = await populated.session().as(NodeService).listNodes({ page: everybody });
  const late = nodes.map(({ id, name }) => ({ id, name, seq: 3, lagOps: 9, lagMs: 9_000n }));
  await tellStreams(page, [streamed("notes", 12, late)]);
  await page.goto(new URL("node", watched.page.url()).href);
  const map = page.getByRole("group", { name: /^Map of/ });
  const counts = map.locator("[data-cluster]").getByText(/^, sync is late at \d+$/);
  const told = async () => {
    const texts = await counts.allTextContents();
    const inClusters = texts.map((text) => Number(/\d+$/.exec(text)?.[0]));
    // Whoever stands alone has a mark of its own.
    const alone = await map.locator("[data-node]").count();
    return inClusters.reduce((sum, each) => sum + each, alone);
  };
  await expect.poll(told).toBe(nodes.length);
  await context.close();
});

const updates = 600;
/** One node kept for each update is 290; chance, as which tree of two React shows, is within 20. */
const bytesMost = 40;

test("the page's scripts hold no more after six hundred updates than before", async () => {
  const { page } = watched;
  const cdp = await page.context().newCDPSession(page);
  // What is made once is made by the first of them.
  await change(300);
  await watchInside(page);
  const before = await heldBy(cdp);
  await change(updates);
  await watchInside(page);
  const after = await heldBy(cdp);
  await cdp.detach();
  expect((after.scripts - before.scripts) / updates).toBeLessThan(bytesMost);
});
