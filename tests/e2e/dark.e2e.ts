import { expect, test } from "vitest";
import { looksIn } from "./look.ts";

const looking = looksIn("dark");

test("the theme follows the system until somebody chooses, and the choice stays", async () => {
  const { ground, watched } = looking();
  const { page } = watched;
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
