// `npm run screenshots [-- --only map,task] [--nodes 3,50] [--out folder]`: pictures of every page.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../tests/support/chromium.ts";
import { root } from "./federation/child.ts";
import { buildPage } from "./page.ts";
import { schemes, withCamera } from "./screenshots/camera.ts";
import { gallery, pictureOf, sizesOf } from "./screenshots/gallery.ts";
import { fewest, openScene } from "./screenshots/scene.ts";
import { type Shot, shots } from "./screenshots/shots.ts";

const all = [fewest, 50, 1_000];

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    nodes: { type: "string", default: all.join() },
    out: { type: "string", default: join(root, "docs", "images") },
  },
});
const { out } = values;
const sizes = values.nodes.split(",").map(Number);
const only = values.only.split(",");
const wanted = shots.filter(({ name }) => values.only === "" || only.includes(name));

const built = await buildPage((line) => console.error(line));
if (built === "failed" || built === "absent") throw new Error(`the page is ${built}`);
const found = await findChromium();
if ("missing" in found) throw new Error(found.missing);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch(found);
const failed: string[] = [];
try {
  for (const nodes of sizes) await photograph(browser, nodes);
} finally {
  await browser.close();
}
const whole = values.only === "" && sizes.length === all.length && out.endsWith("images");
if (whole) writeFileSync(join(root, "docs", "screenshots.md"), gallery(shots, all));
for (const line of failed) console.error(line);
process.exitCode = failed.length === 0 ? 0 : 1;

async function photograph(camera: Browser, nodes: number): Promise<void> {
  const present = wanted.filter((shot) => sizesOf(shot, [nodes]).length > 0);
  if (present.length === 0) return;
  console.log(`${nodes} nodes`);
  const scene = await openScene(nodes);
  try {
    for (const scheme of schemes) {
      await withCamera(camera, scene, scheme, async (take) => {
        for (const shot of present) {
          for (const file of filesOf(shot, nodes, scheme)) {
            await take(shot, join(out, file)).then(
              () => console.log(`  ${file}`),
              // The others are worth having, and the exit code tells.
              (error: unknown) => failed.push(`${file}: ${String(error).split("\n")[0]}`),
            );
          }
        }
      });
    }
  } finally {
    await scene.stop();
  }
}

/** The picture at the top of the README is one of them, as a PNG. */
function filesOf(shot: Shot, nodes: number, scheme: string): string[] {
  const isFirst = shot.name === "map" && nodes === fewest && scheme === "light";
  return [pictureOf(shot, nodes, scheme), ...(isFirst ? ["map.png"] : [])];
}
