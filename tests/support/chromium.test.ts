import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chromium } from "playwright-core";
import { findChromium, findPackaged } from "./chromium.ts";

const page = `<!doctype html><body style="margin:0;background:#0a7"><button
  onclick="document.title='clicked';document.body.style.background='#a07'">press</button>`;
const pngMagic = "89504e47";
let server: Server;

beforeEach(async () => {
  server = createServer((_request, response) => response.end(page)).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => server.close());

const isPackaged = process.platform === "linux" && process.arch === "x64";

test.runIf(isPackaged)("the browser from npm opens a page, clicks, and paints", async () => {
  const found = findPackaged();
  if ("missing" in found) throw new Error(found.missing);
  const browser = await chromium.launch(found);
  try {
    const tab = await browser.newPage();
    const address = server.address();
    await tab.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
    const before = await tab.screenshot();
    await tab.click("button");
    expect(await tab.title()).toBe("clicked");
    const after = await tab.screenshot();
    expect(before.subarray(0, 4).toString("hex")).toBe(pngMagic);
    expect(after.equals(before)).toBe(false);
  } finally {
    await browser.close();
  }
});

test("a browser that was chosen and is not there is named", async () => {
  const before = process.env.FOEDUS_CHROMIUM;
  process.env.FOEDUS_CHROMIUM = "/nowhere/chromium";
  try {
    const missing = expect.stringContaining("/nowhere/chromium") as string;
    expect(await findChromium()).toEqual({ missing });
  } finally {
    if (before === undefined) delete process.env.FOEDUS_CHROMIUM;
    else process.env.FOEDUS_CHROMIUM = before;
  }
});
