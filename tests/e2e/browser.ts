// A real Chromium that tells what it sees, and what the page complained of.
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { findChromium } from "../support/chromium.ts";
import { noteInside } from "../support/inside.ts";

export type Scheme = "light" | "dark";

/** A page and everything that was wrong on it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, warnings and broken policies, but for answers that a test asks for. */
  readonly complaints: string[];
}

const frame = { width: 1_440, height: 900 };
/** Shorter than a test may take: so a wait that fails says what it waited for. */
const waitMs = 100_000;

/** Starts the browser; a machine without one fails, for a skipped journey proves nothing. */
export async function startBrowser(): Promise<Browser> {
  const found = await findChromium();
  if ("missing" in found) throw new Error(found.missing);
  return await chromium.launch(found);
}

/** A browser that nobody signed in yet. */
export async function openPage(browser: Browser, scheme: Scheme = "light"): Promise<Watched> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: frame,
    // What fades in has no contrast yet; that motion can be left out is part of what is tested.
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(waitMs);
  await noteInside(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    const isBad = message.type() === "error" || message.type() === "warning";
    if (isBad && !isAnswer(text)) complaints.push(text);
  });
  return { page, context, complaints };
}

/** The browser reports refused and lost calls by itself; those are what the journeys are about. */
function isAnswer(text: string): boolean {
  return /Failed to load resource|net::ERR_/.test(text);
}

/** How many colours a part of the page shows: a blank one has one, whatever the DOM says. */
export async function coloursOf(part: Locator): Promise<number> {
  const picture = (await part.screenshot()).toString("base64");
  const blank = await part.page().context().newPage();
  try {
    return await blank.evaluate(countColours, picture);
  } finally {
    await blank.close();
  }
}

async function countColours(base64: string): Promise<number> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  if (canvas === null) throw new Error("no canvas");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  return new Set(new Uint32Array(data.buffer)).size;
}

/** Where the keyboard is, as people would call it. */
export async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    const labels = element !== null && "labels" in element ? element.labels : null;
    const label = labels instanceof NodeList ? labels[0]?.textContent : undefined;
    return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
  });
}
