// While ages and figures change, nothing on a page moves.
import { randomUUID } from "node:crypto";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

/** Each page by what is there once it has its answer; all of them show ages in seconds. */
const pages = [
  ["link", "Links of the nodes"],
  ["hub", "Config of the hub"],
  ["learning", "Trust of each node"],
] as const;

/** So often an age is written anew before a page counts as calm. */
const ticksMin = 4;
/** Under what one sees: a tenth of what Web Vitals calls good. */
const shiftMax = 0.01;

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("calm");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
  await ground.federation.session().as(LearningService).runCycle({ requestId: randomUUID() });
}, groundMs);

afterAll(() => ground?.stop());

test.each(pages)("/%s stands still while it counts", async (path, name) => {
  const { page } = watched;
  await page.goto(ground.federation.webUrl + path);
  await page.getByRole("region", { name }).waitFor();
  await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
  expect(await shiftDuring(page, ticksMin)).toBeLessThan(shiftMax);
});

/** The layout's shift, as the browser measures it, until times were written so often. */
async function shiftDuring(page: Page, ticks: number): Promise<number> {
  return await page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        let shift = 0;
        let seen = 0;
        const shifts = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shift += (entry as LayoutShift).value;
        });
        shifts.observe({ type: "layout-shift" });
        const writing = new MutationObserver((changes) => {
          if (!changes.some(({ target }) => target.parentElement?.closest("time"))) return;
          seen += 1;
          if (seen < wanted) return;
          writing.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(shift)));
        });
        writing.observe(document.body, { characterData: true, childList: true, subtree: true });
      }),
    ticks,
  );
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}
