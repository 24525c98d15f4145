import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coloursOf, focused, openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

const names = ["server", "web", "clients"];
/** Compressed, before anybody opened anything but the map. */
const scriptBytesMax = 250 * 1_024;
/** Cards, links and letters; a blank map has a gradient at most. */
const coloursMin = 300;

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("map");
  watched = await openPage(ground.browser);
}, groundMs);

afterAll(() => ground?.stop());

const map = (page = watched.page) => page.getByRole("group", { name: /^Map of/ });
const card = (name: string, page = watched.page) =>
  map(page).getByRole("button", { name: new RegExp(`^${name}\\b`) });

test("without a session there is a way in, and no data", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}event?type=hub.health`);
  await page.getByText("npx foedus person link").waitFor();
  for (const name of names) expect(await page.getByText(name, { exact: true }).count()).toBe(0);
});

test("the link signs in, leaves no code behind, and leads back to where one was", async () => {
  const { page } = watched;
  await page.goto(ground.federation.signInLink);
  await page.getByRole("heading", { name: "Events" }).waitFor();
  expect(page.url()).toContain("/event?type=hub.health");
  await page.goBack();
  expect(page.url()).not.toContain("code=");
});

test("the map shows three nodes that are online, and not a blank page", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}node`);
  for (const name of names) {
    await card(name).waitFor();
    await card(name).getByText("Online").waitFor();
    expect(await coloursOf(card(name))).toBeGreaterThan(coloursMin / 4);
  }
  expect(await coloursOf(map())).toBeGreaterThan(coloursMin);
  await page.getByText("Live", { exact: true }).first().waitFor();
});

test("projects that share a schema are tied, and the tie names its proof", async () => {
  const { page } = watched;
  await map().getByRole("button", { name: "shared schema" }).first().click();
  const panel = page.getByRole("complementary", { name: "Tie between two nodes" });
  await panel.getByText("@foedus/gen", { exact: true }).first().waitFor();
  await panel
    .getByText(/package\.json:\d+/)
    .first()
    .waitFor();
});

test("a figure leads to the signed event, which this browser verifies by itself", async () => {
  const { page } = watched;
  await card("server").click();
  const panel = page.getByRole("complementary", { name: "Node server" });
  await panel.getByRole("link", { name: "Evidence for Lines" }).click();
  const evidence = page.getByRole("dialog", { name: /^Evidence: event \d+$/ });
  await evidence.getByText("Verified by the hub").waitFor();
  await evidence.getByText("Verified by this browser").waitFor();
  await evidence.getByText("graph.summary.nodes").waitFor();
  await evidence.getByText(/^npx foedus event show \d+$/).waitFor();
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "hidden" });
});

test("the table shows the same, and the view stands in the address", async () => {
  const { page } = watched;
  await page.getByRole("button", { name: "Table" }).click();
  const rows = page.getByRole("region", { name: "Nodes" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(names.length + 1);
  await page.getByRole("button", { name: "Name" }).click();
  await expect.poll(() => page.url()).toContain("sort=-name");
  await page.reload();
  await expect.poll(() => rows.nth(1).textContent()).toContain("web");
});

test("the keyboard alone goes from node to node and opens one", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}node`);
  await card("server").waitFor();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the page");
  await page.keyboard.press("Enter");
  // Past the filter, the search and the view, to the one stop of the whole map.
  await expect
    .poll(async () => (await page.keyboard.press("Tab"), await focused(page)))
    .toMatch(/^\w+Online/);
  const first = await focused(page);
  await expect
    .poll(async () => {
      for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
      return await focused(page);
    })
    .not.toBe(first);
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary");
  await panel.getByText("SPIFFE id").waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  expect(await focused(page)).toMatch(/^\w+Online/);
});

test("an instance that is killed turns offline on the page", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}node`);
  await card("web").getByText("Online").waitFor();
  await ground.federation.killInstance("web");
  await card("web").getByText("Offline").waitFor({ timeout: 100_000 });
  await page.getByRole("button", { name: "Offline 1", exact: true }).waitFor();
});

test("the first load brings little JavaScript, and what can wait comes after the picture", async () => {
  const { page } = await ground.openBeside(watched);
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    const size = response.body().then((body) => gzipSync(body).length);
    sizes.set(response.url(), size);
  });
  await page.goto(`${ground.federation.webUrl}node`);
  await card("server", page).waitFor();
  const first = await page.evaluate(scriptsOfFirstFrame);
  const all = await Promise.all([...sizes].map(async ([url, size]) => [url, await size] as const));
  const bytes = all.filter(([url]) => first.includes(url)).reduce((sum, [, size]) => sum + size, 0);
  expect(bytes).toBeGreaterThan(scriptBytesMax / 4);
  expect(bytes).toBeLessThan(scriptBytesMax);
  expect(all.length).toBeGreaterThan(first.length);
});

/** The scripts that were asked for before the first complete frame was on the screen. */
function scriptsOfFirstFrame(): string[] {
  const [frame] = performance.getEntriesByName("foedus:frame");
  return performance
    .getEntriesByType("resource")
    .filter(({ name, startTime }) => name.endsWith(".js") && startTime < (frame?.startTime ?? 0))
    .map(({ name }) => name);
}

test("the page broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
