// The design language on its page: in both schemes, by axe, by its pixels, and in narrow windows.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { coloursOf, openPage, type Scheme, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

/** One colour is a blank frame; text, its edges and a border are many. */
const coloursMin = 12;
const partsMin = 20;
const widths = [1_440, 1_024, 390];
const height = 900;
const testMs = 600_000;

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("parts");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

const schemes: readonly Scheme[] = ["light", "dark"];

test.each(schemes)(
  "in %s, every part shows something, can be used by everybody, and fits",
  async (scheme) => {
    const { page, complaints } = await ground.openBeside(watched, scheme);
    await page.goto(`${ground.federation.webUrl}parts`);
    await page.getByRole("heading", { level: 1, name: "Parts" }).waitFor();
    expect(await offencesOn(page)).toEqual([]);
    const parts = await page.locator("[data-part]").all();
    expect(parts.length).toBeGreaterThanOrEqual(partsMin);
    for (const part of parts) {
      const name = await part.getAttribute("data-part");
      expect([name, (await coloursOf(part)) > coloursMin]).toEqual([name, true]);
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      expect([width, await overhang(page)]).toEqual([width, []]);
    }
    expect(complaints).toEqual([]);
  },
  testMs,
);

test("a button that may not be pressed says why to the keyboard, and a time its zones", async () => {
  const { page } = await ground.openBeside(watched);
  await page.goto(`${ground.federation.webUrl}parts`);
  const button = page.getByRole("button", { name: "May not" });
  await button.focus();
  const why = page.getByRole("tooltip").filter({ visible: true });
  await why.getByText("This needs the role admin").waitFor();
  const described = await button.getAttribute("aria-describedby");
  expect(described).toBe(await why.getAttribute("id"));
  await page.locator("[data-part=Time] time[tabindex='0']").focus();
  await why.getByText(/(?:UTC|GMT)/u).waitFor();
});

/** What is wider than the page and does not scroll by itself. */
async function overhang(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const main = document.querySelector("#main");
    if (main === null) return ["no main"];
    const scrollers = [...main.querySelectorAll(".scrolls"), document.documentElement, main];
    const body = scrollers.filter(
      (each) => each.getAttribute("role") !== "region" && each.tagName !== "CODE",
    );
    return body
      .filter((each) => each.scrollWidth > each.clientWidth + 1)
      .map((each) => `${each.tagName}.${each.className}: ${each.scrollWidth}`);
  });
}
