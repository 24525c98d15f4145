import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { coloursOf, openPage, type Scheme, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

let ground: Ground;
let light: Watched;
let dark: Watched;

/** Each page by what is there once it has its answer. */
const pages = [
  ["node", "button", /^server/],
  ["node?view=table", "region", "Nodes"],
  ["event", "table", "Event log"],
  ["identity", "region", "Identities by node id"],
  ["access", "heading", "In quarantine"],
  ["link", "region", "Links of the nodes"],
  ["learning", "region", "Trust of each node"],
  ["person", "heading", "Who you are here"],
  ["hub", "region", "Config of the hub"],
] as const;

beforeAll(async () => {
  ground = await startGround("look");
  light = await openPage(ground.browser, "light");
  await ground.signIn(light);
  dark = await ground.openBeside(light, "dark");
}, groundMs);

afterAll(() => ground?.stop());

const schemes: readonly Scheme[] = ["light", "dark"];
const cases = schemes.flatMap((scheme) => pages.map((page) => [scheme, ...page] as const));

test.each(cases)("in %s, /%s can be used by everybody", async (scheme, path, role, name) => {
  const { page } = scheme === "light" ? light : dark;
  await page.goto(ground.federation.webUrl + path);
  await page.getByRole(role, { name }).first().waitFor();
  expect(await offencesOn(page)).toEqual([]);
  expect(await coloursOf(page.locator("#main"))).toBeGreaterThan(100);
});

test("a node's panel and its evidence can be used by everybody", async () => {
  for (const { page } of [light, dark]) {
    await page.goto(`${ground.federation.webUrl}node`);
    await page.getByRole("button", { name: /^server/ }).click();
    await page.getByRole("link", { name: "Evidence for Lines" }).waitFor();
    expect(await offencesOn(page)).toEqual([]);
    await page.getByRole("link", { name: "Evidence for Lines" }).click();
    await page.getByText("Verified by this browser").waitFor();
    expect(await offencesOn(page)).toEqual([]);
  }
});

test("the sign-in page can be used by everybody", async () => {
  for (const scheme of schemes) {
    const { page } = await openPage(ground.browser, scheme);
    await page.goto(ground.federation.webUrl);
    await page.getByText("npx foedus person link").waitFor();
    expect(await offencesOn(page)).toEqual([]);
  }
});

test("the theme follows the system until somebody chooses, and the choice stays", async () => {
  const { page } = dark;
  await page.goto(`${ground.federation.webUrl}person`);
  const shown = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.getByRole("radio", { name: "Dark" }).waitFor({ state: "attached" });
  const night = await shown();
  await page.getByTitle("Light").click();
  await expect.poll(shown).not.toBe(night);
  const day = await shown();
  await page.reload();
  await expect.poll(shown).toBe(day);
  await page.getByTitle("System").click();
  await expect.poll(shown).toBe(night);
});

test("the pages broke no policy and threw nothing", () => {
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});
