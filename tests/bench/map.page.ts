// The map as a browser sees it: signed in once, opened cold as often as asked, and listened to.
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../support/chromium.ts";
import { drawnInside, framesInside, noteInside } from "../support/inside.ts";
import type { Populated } from "../support/populated/federation.ts";

/** One opening of the map with nothing in the browser's cache; times in milliseconds. */
export interface Opening {
  /** From the start of the navigation to the first complete frame. */
  readonly loadMs: number;
  /** From the whole snapshot to that frame; undefined where the page sets no marks. */
  readonly frameMs: number | undefined;
  /** From the whole snapshot to the cards. */
  readonly cardsMs: number | undefined;
  /** All scripts until then, compressed, in KB. */
  readonly scriptKb: number;
}

const frame = { width: 1_440, height: 900 };
const openMs = 60_000;
const settleFrames = 30;

/** A browser with its own process for each page, without a window. */
export async function startBrowser(): Promise<Browser> {
  const found = await findChromium();
  if ("missing" in found) throw new Error(found.missing);
  return await chromium.launch(found);
}

/** Everything a page needs to be signed in, got once. */
export type Pass = Awaited<ReturnType<BrowserContext["cookies"]>>;

/** Signs in by a link, as a person does. */
export async function passOf(browser: Browser, populated: Populated): Promise<Pass> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(await populated.session().link());
    await page.getByRole("group", { name: /^Map of/ }).waitFor({ timeout: openMs });
    return await context.cookies();
  } finally {
    await context.close();
  }
}

/** A page that nobody used yet, with a cold cache. */
export async function freshPage(browser: Browser, pass: Pass): Promise<Page> {
  const context = await browser.newContext({ viewport: frame });
  context.setDefaultTimeout(openMs);
  await context.addCookies(pass);
  await noteInside(context);
  return await context.newPage();
}

/** Opens the map and waits until it is whole and at rest. */
export async function openMap(page: Page, web: string): Promise<Opening> {
  const scripts: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(`${web}node`);
  const drawnMs = await drawnInside(page);
  const loaded = await Promise.all(scripts);
  await framesInside(page, settleFrames);
  const marks = await marksOf(page);
  const since = (ms: number | undefined) =>
    ms === undefined || marks.nodes === undefined ? undefined : ms - marks.nodes;
  return {
    loadMs: marks.frame ?? drawnMs,
    frameMs: since(marks.frame),
    cardsMs: since(marks.cards),
    scriptKb: loaded.reduce((sum, bytes) => sum + bytes, 0) / 1_024,
  };
}

async function marksOf(page: Page): Promise<Partial<Record<"nodes" | "frame" | "cards", number>>> {
  return await page.evaluate(`Object.fromEntries(["nodes", "frame", "cards"].map((name) =>
    [name, performance.getEntriesByName("foedus:" + name)[0]?.startTime]))`);
}
