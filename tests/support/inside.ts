// What only the page itself can see: its frames, its layout shifts, the policies it broke.
import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";

const script = new URL("./inside.script.mjs", import.meta.url);

/** What the page noted of itself. */
export interface Noted {
  /** Between one frame and the next, in milliseconds. */
  readonly gapsMs: readonly number[];
  /** Layout shifts that nobody's own input explains: how far, and what. */
  readonly shifts: readonly string[];
  readonly violations: readonly string[];
}

/** Lets each page that the context opens from now on note frames, shifts and broken policies. */
export async function noteInside(context: BrowserContext): Promise<void> {
  // In a scope of its own: no name of it may meet one of the page's.
  await context.addInitScript({ content: `{${readFileSync(script, "utf8")}}` });
}

/** Forgets frames and shifts, and notes them from now on. */
export async function watchInside(page: Page): Promise<void> {
  await page.evaluate("foedusInside.watch()");
}

/** What the page noted since then. */
export async function notedInside(page: Page): Promise<Noted> {
  return await page.evaluate("foedusInside.noted()");
}

/** Resolves once nodes are drawn, with the milliseconds since the navigation began. */
export async function drawnInside(page: Page): Promise<number> {
  return await page.evaluate("foedusInside.drawn()");
}

/** Resolves after so many frames of the page. */
export async function framesInside(page: Page, frames: number): Promise<void> {
  await page.evaluate(`foedusInside.frames(${frames})`);
}
