// The map as a browser sees it: signed in once, opened cold as often as asked, and listened to.
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../support/chromium.ts";
import { drawnInside, framesInside, noteInside } from "../support/inside.ts";
import type { Populated } from "../support/populated/shape.ts";

/** One opening of the map with nothing in the browser's cache; times in milliseconds. */
export interface Opening {
  /** From the start of the navigation to the first complete frame. */
  readonly loadMs: number;
  /** From the whole snapshot to that frame; undefined where the page sets no marks. */
  readonly frameMs: number | undefined;
  /** From the whole snapshot to the cards. */
  readonly cardsMs: number | undefined;
  /** All scripts that were there by the first frame, compressed, in KB. */
  readonly scriptKb: number;
  /** Those that the cards are made of as well. */
  readonly laterKb: number;
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
  const scripts: Promise<readonly [string, number]>[] = [];
  page.on("response", (response) => {
    const url = response.url();
    if (!url.endsWith(".js")) return;
    scripts.push(response.body().then((body) => [url, gzipSync(body).length / 1_024]));
  });
  await page.goto(`${web}node`);
  const drawnMs = await drawnInside(page);
  await framesInside(page, settleFrames);
  const marks = await marksOf(page);
  const frameMs = marks.frame ?? drawnMs;
  const endedMs = new Map(await scriptTimes(page));
  const loaded = await Promise.all(scripts);
  const kb = (part: typeof loaded) => part.reduce((sum, [, size]) => sum + size, 0);
  const early = loaded.filter(([url]) => (endedMs.get(url) ?? 0) <= frameMs);
  const since = (ms: number | undefined) =>
    ms === undefined || marks.nodes === undefined ? undefined : ms - marks.nodes;
  return {
    loadMs: frameMs,
    frameMs: since(marks.frame),
    cardsMs: since(marks.cards),
    scriptKb: kb(early),
    laterKb: kb(loaded),
  };
}

async function marksOf(page: Page): Promise<Partial<Record<"nodes" | "frame" | "cards", number>>> {
  return await page.evaluate(`Object.fromEntries(["nodes", "frame", "cards"].map((name) =>
    [name, performance.getEntriesByName("foedus:" + name)[0]?.startTime]))`);
}

/** When each script was there. */
async function scriptTimes(page: Page): Promise<(readonly [string, number])[]> {
  return await page.evaluate(`performance.getEntriesByType("resource")
    .map(({ name, responseEnd }) => [name, responseEnd])`);
}
