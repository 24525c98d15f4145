// Search, saved views and keys, by somebody who has no mouse.
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { openPage, type Scheme, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { answer } from "./told.ts";

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("palette");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

const palette = (page: Page) => page.getByRole("combobox", { name: "Search or run" });
const isOpen = (page: Page) => page.getByRole("dialog").waitFor();
const isClosed = (page: Page) => page.getByRole("dialog").waitFor({ state: "hidden" });

/** Opens the palette, types, and waits until that is what stands first. */
async function type(page: Page, words: string, first: RegExp): Promise<void> {
  await page.keyboard.press("Control+k");
  await palette(page).waitFor();
  await expect.poll(() => palette(page).evaluate((it) => it === document.activeElement)).toBe(true);
  await page.keyboard.type(words);
  const chosen = page.getByRole("dialog").getByRole("option", { selected: true });
  await expect.poll(() => chosen.textContent()).toMatch(first);
}

async function run(page: Page, words: string, first: RegExp): Promise<void> {
  await type(page, words, first);
  await page.keyboard.press("Enter");
}

test("a node is opened by a few of its letters, and its events after it", async () => {
  const { page } = watched;
  await type(page, "srver", /^server/);
  const status = page.getByRole("dialog").getByRole("status");
  await expect.poll(() => status.textContent()).toMatch(/^\d+ results?/);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Node server" }).waitFor();
  await run(page, "events of server", /^Events of server/);
  await expect.poll(() => page.url()).toMatch(/\/event\?source=/);
});

test("what one page looks for is not what the next one looks for", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}event?q=nobody-said-this&type=hub.health`);
  await page.getByText("nobody-said-this").first().waitFor();
  await run(page, "group the map by team", /^Group the map by team/);
  await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  expect(new URL(page.url()).search).toBe("?group=team");
  await page.goto(`${ground.federation.webUrl}link?q=nobody-said-this`);
  await page.getByRole("heading", { name: "Links", level: 1 }).waitFor();
  await run(page, "srver", /^server/);
  await page.getByRole("complementary", { name: "Node server" }).waitFor();
  expect(new URL(page.url()).searchParams.has("q")).toBe(false);
});

test("a page is saved, shared, and found again in another browser of the same person", async () => {
  const { page } = watched;
  await run(page, "group the map by project", /^Group the map by project/);
  await expect.poll(() => page.url()).toContain("group=project");
  await run(page, "table", /as a table/);
  await expect.poll(() => page.url()).toContain("view=table");
  const saved = new URL(page.url());

  await run(page, "save this page", /^Save this page/);
  await page.getByText("You have no views yet.").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  for (let i = 0; i < 9; i += 1) {
    if (await page.getByLabel("Save this page as").evaluate((it) => it === document.activeElement))
      break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("By project");
  await page.keyboard.press("Enter");
  await page.getByText("Saved By project.").waitFor();
  await page.getByRole("button", { name: "Share", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Shared", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await isClosed(page);

  const beside = await ground.openBeside(watched);
  await beside.page.goto(ground.federation.webUrl);
  await beside.page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  await run(beside.page, "by project", /^By project/);
  await expect.poll(() => new URL(beside.page.url()).search).toBe(saved.search);
  await beside.page.reload();
  await beside.page.getByRole("button", { name: "Views: By project" }).waitFor();

  // Whoever chooses something else is told that it is not the view any more.
  await run(beside.page, "group the map by team", /^Group the map by team/);
  await beside.page.getByRole("button", { name: /^Views: By project ?changed/ }).waitFor();
  await run(beside.page, "save this page", /^Save this page/);
  await beside.page.getByRole("button", { name: "Save over it" }).focus();
  await beside.page.keyboard.press("Enter");
  await beside.page.getByText("Changed since it was opened:").waitFor({ state: "hidden" });
  expect(beside.complaints).toEqual([]);
});

test("letters lead to pages, but not while somebody writes", async () => {
  const { page } = watched;
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.getByRole("heading", { name: "Hub", level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.getByRole("heading", { name: "Links", level: 1 }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("g?m");
  await expect.poll(() => page.url()).toContain("g%3Fm");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("heading", { name: "Links", level: 1 }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Pause, or continue").waitFor();
  await page.keyboard.press("Escape");
  await isClosed(page);
});

test("what is typed in vain can still be looked for, and a hostile wish stays text", async () => {
  const { page } = watched;
  await type(page, "<img src=x onerror=alert(1)>‮", /^Find “<img src=x/);
  await page.keyboard.press("Escape");
  await isClosed(page);
});

test("an observer finds what they may not do, and is told why", async () => {
  const { page, complaints } = await ground.openBeside(watched);
  const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
  const session = { person, tenant: "main", trustDomain: "foedus.test" };
  const method = "foedus.person.v1.PersonService/GetSession";
  await answer(page, method, GetSessionResponseSchema, session);
  await page.goto(`${ground.federation.webUrl}hub`);
  await page.getByRole("heading", { name: "Hub", level: 1 }).waitFor();
  await run(page, "approve", /^Approve.*needs the role admin; you are an observer/);
  const why = "This needs the role admin; you are an observer. Ask an admin.";
  await page.getByRole("dialog").getByRole("status").getByText(why).waitFor();
  expect(page.url()).toMatch(/hub$/);
  await page.keyboard.press("Escape");
  await isClosed(page);
  await run(page, "save this page", /^Save this page/);
  await page.getByText("This needs the role member; you are an observer. Ask an admin.").waitFor();
  expect(complaints).toEqual([]);
});

test.each<Scheme>(["light", "dark"])(
  "in %s, the palette and the keys can be used by everybody",
  async (scheme) => {
    const { page, complaints } = await ground.openBeside(watched, scheme);
    await page.goto(`${ground.federation.webUrl}hub`);
    await page.getByRole("heading", { name: "Capabilities" }).waitFor();
    await type(page, "s", /./);
    expect(await offencesOn(page)).toEqual([]);
    await page.keyboard.press("Control+k");
    await isClosed(page);
    await page.keyboard.press("?");
    await isOpen(page);
    expect(await offencesOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
  60_000,
);

test("while the hub is away every page says so, and so does the palette", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}hub`);
  await page.getByRole("heading", { name: "Capabilities" }).waitFor();
  // The palette is here already, the page it leads to is not; it comes by itself once it can.
  await page.keyboard.press("Control");
  await ground.federation.killHub();
  const strip = page.getByText("Reconnecting to the hub");
  await strip.waitFor();
  await run(page, "trust", /^Trust/);
  await page.getByRole("alert").first().waitFor();
  await strip.waitFor();
  await type(page, "serv", /^server/);
  await page.getByRole("dialog").getByText("The hub does not answer").waitFor();
  await page.keyboard.press("Escape");
  await ground.federation.restartHub();
  await strip.waitFor({ state: "hidden" });
  await page.getByRole("heading", { name: "Trust", level: 1 }).waitFor();
});

test("a session that lapses under an open dialog leads to the way in, and back", async () => {
  const { page, context } = watched;
  await page.goto(`${ground.federation.webUrl}person`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByText(/\/signin#code=/).textContent();
  await page.goto(`${ground.federation.webUrl}node?view=table&group=role`);
  await page.getByRole("region", { name: "Nodes" }).waitFor();
  await run(page, "save this page", /^Save this page/);
  await page.getByLabel("Save this page as").fill("too late");
  await context.clearCookies();
  // Whether this or another question of the page is the first that is refused does not matter.
  await page.keyboard.press("Enter");
  await page.getByText("npx foedus person link").waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.goto(link ?? "");
  await page.getByRole("region", { name: "Nodes" }).waitFor();
  expect(new URL(page.url()).search).toBe("?view=table&group=role");
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("the pages broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
