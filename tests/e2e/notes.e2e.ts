// The example with a page and a process that edit one collection, as a person sees it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../support/database.ts";
import { makeDataFolder } from "../support/folder.ts";
import { startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { openPage, startBrowser, type Watched } from "./browser.ts";

const startMs = 300_000;
const script = fileURLToPath(new URL("../../examples/notes/serve.ts", import.meta.url));

let hub: HubProcess;
let kept: string;
let browser: Browser;
let serving: ChildProcess;
let watched: Watched;
let url: string;
/** What the process printed. */
const lines: string[] = [];

beforeAll(async () => {
  kept = makeDataFolder("e2e-notes");
  hub = await startHubProcess({ data: kept, url: (await cloneDatabase()).url });
  browser = await startBrowser();
  const env = { FOEDUS_DATA: kept, PORT: "0" };
  serving = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const told = createInterface({ input: serving.stdout ?? process.stdin });
  const [first] = (await once(told, "line")) as [string];
  told.on("line", (line) => lines.push(line));
  url = first.replace("the page is at ", "");
  watched = await openPage(browser);
  await watched.page.goto(url);
}, startMs);

afterAll(async () => {
  serving?.kill("SIGKILL");
  await browser?.close();
  await hub?.kill();
  rmSync(kept, { recursive: true, force: true });
});

const type = (line: string) => serving.stdin?.write(`${line}\n`);
const printed = (title: string) =>
  expect.poll(() => lines.some((line) => line.endsWith(` ${title}`))).toBe(true);

async function add(page: Page, title: string): Promise<void> {
  await page.getByLabel("New note").fill(title);
  await page.getByRole("button", { name: "Add" }).click();
  await note(page, title).waitFor();
}

const note = (page: Page, title: string) =>
  page.getByRole("textbox", { name: `Title of ${title}` });
const says = (page: Page, text: string | RegExp) =>
  page.getByRole("status").filter({ hasText: text }).waitFor();

test("what is written in the page is printed by the process, and the other way round", async () => {
  const { page } = watched;
  await add(page, "Milk");
  await printed("Milk");
  await says(page, "All saved at the hub");
  type("Bread");
  await note(page, "Bread").waitFor();
  await page.getByRole("checkbox", { name: "Bread is done" }).check();
  await printed("[x] Bread");
  expect(watched.complaints).toEqual([]);
});

test("without a network both go on, and agree when it is back", async () => {
  const { page, context } = watched;
  await context.setOffline(true);
  await says(page, "The hub is away: nothing waits");
  await add(page, "Eggs");
  await note(page, "Milk").fill("Oat milk");
  await page.getByLabel("New note").focus();
  await says(page, "3 changes wait, kept in this browser");
  type("Milk -> Whole milk");
  type("Butter");
  await printed("Whole milk");
  await context.setOffline(false);
  await note(page, "Butter").waitFor();
  await printed("Eggs");
  await says(page, "All saved at the hub");
});

test("what both changed at once is asked about, and one answer counts for both", async () => {
  const { page } = watched;
  const group = page.getByRole("group", { name: "Two wrote at once" });
  await group.getByRole("button", { name: "Keep “Whole milk”" }).waitFor();
  await group.getByRole("button", { name: "Keep “Oat milk”" }).click();
  await group.waitFor({ state: "detached" });
  await note(page, "Oat milk").waitFor();
  await expect
    .poll(() => lines.filter((line) => line.includes("milk")).at(-1))
    .toBe("- [ ] Oat milk");
  await says(page, "All saved at the hub");
});

test("a page that is opened again shows all of it before any hub has answered", async () => {
  const { page, context } = watched;
  await context.route("**/foedus.sync.v1.*/*", (route) => route.abort());
  await page.reload();
  await note(page, "Eggs").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(4);
  await add(page, "Cheese");
  await says(page, "2 changes wait, kept in this browser");
  await page.reload();
  await note(page, "Cheese").waitFor();
  await context.unroute("**/foedus.sync.v1.*/*");
  await printed("Cheese");
  await says(page, "All saved at the hub");
});

test("of two tabs the newer one has the collection, and the older one says so", async () => {
  const { page } = watched;
  const newer = await page.context().newPage();
  await newer.goto(url);
  await note(newer, "Cheese").waitFor();
  await page.getByRole("button", { name: "Remove Cheese" }).click();
  await says(page, "is open elsewhere");
  await newer.getByRole("button", { name: "Remove Eggs" }).click();
  await says(newer, "All saved at the hub");
  expect(await note(newer, "Cheese").count()).toBe(1);
  await expect.poll(() => lines.some((line) => line.endsWith("is gone"))).toBe(true);
});
