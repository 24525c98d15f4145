// What IndexedDB keeps of collections, in a real browser.
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser } from "./browser.ts";

/** What indexed.page.ts puts into the page. */
declare const keptAndHeld: (name: string) => Promise<[string, string]>;
declare const writeOn: (name: string) => Promise<void>;
declare const countOf: (name: string) => Promise<number>;

const startMs = 300_000;
const origin = "http://indexed.test/";
const entry = fileURLToPath(new URL("indexed.page.ts", import.meta.url));

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", lib: { entry, formats: ["es"], fileName: "page" } },
  });
  const [first] = Array.isArray(built) ? built : [];
  const script = first?.output.map((part) => ("code" in part ? part.code : "")).join("") ?? "";
  browser = await startBrowser();
  context = await browser.newContext();
  await context.route(`${origin}**`, (route) =>
    route.request().url().endsWith("page.js")
      ? route.fulfill({ contentType: "text/javascript", body: script })
      : route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><script type="module" src="page.js"></script>',
        }),
  );
}, startMs);

afterAll(() => browser?.close());

async function open(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => "countOf" in globalThis);
  return page;
}

test("what it keeps is what was held in memory, to the last counter", async () => {
  const page = await open();
  const [kept, held] = await page.evaluate(() => keptAndHeld("kept"));
  expect(held).toContain("foedus.sync.v1.Cell");
  expect(JSON.parse(kept)).toEqual(JSON.parse(held));
  await page.close();
});

test("a page that is closed in the middle of it loses nothing it was told is stored", async () => {
  const page = await open();
  await page.evaluate(() => void writeOn("cut").catch(() => undefined));
  await page.waitForFunction(() => Number(Reflect.get(globalThis, "stored")) > 20);
  const stored = await page.evaluate(() => Reflect.get(globalThis, "stored") as number);
  await page.close();
  const next = await open();
  const count = await next.evaluate(() => countOf("cut"));
  expect(count).toBeGreaterThanOrEqual(stored);
});
