// A browser that takes pictures, once in light and once in dark.
import { writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { framesInside, noteInside } from "../../tests/support/inside.ts";
import type { Scene } from "./scene.ts";
import type { Shot } from "./shots.ts";

/** In which colours. */
export const schemes = ["light", "dark"] as const;
export type Scheme = (typeof schemes)[number];

const frame = { width: 1_440, height: 900 };
const waitMs = 30_000;
/** Half a second: what a panel or a font still moves has come to rest by then. */
const restFrames = 30;
const quality = 82;

/** Takes the picture of one page. */
export type Camera = (shot: Shot, file: string) => Promise<void>;

/** Opens a browser of one scheme on a scene, signed in, while its pictures are taken. */
export async function withCamera(
  browser: Browser,
  scene: Scene,
  colorScheme: Scheme,
  photograph: (take: Camera) => Promise<void>,
): Promise<void> {
  const options = { colorScheme, viewport: frame, reducedMotion: "reduce" as const };
  const [member, stranger] = [await browser.newContext(options), await browser.newContext(options)];
  try {
    for (const context of [member, stranger]) {
      context.setDefaultTimeout(waitMs);
      await noteInside(context);
    }
    const first = await member.newPage();
    await first.goto(await scene.session().link());
    await first.getByRole("group", { name: /^Map of/ }).waitFor();
    await first.close();
    await photograph(async (shot, file) => {
      const page = await (shot.stranger ? stranger : member).newPage();
      try {
        await page.goto(scene.web + shot.path(scene));
        await shot.ready(page);
        await framesInside(page, restFrames);
        await develop(page, file);
      } finally {
        await page.close();
      }
    });
  } finally {
    await member.close();
    await stranger.close();
  }
}

/** WebP is a third of the PNG; a README is also read where only PNG is shown. */
async function develop(page: Page, file: string): Promise<void> {
  if (file.endsWith(".png")) return void (await page.screenshot({ path: file }));
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send("Page.captureScreenshot", { format: "webp", quality });
  writeFileSync(file, Buffer.from(data, "base64"));
}
