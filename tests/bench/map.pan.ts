// Frames while somebody drags the map, or what stands for it.
import type { Page } from "playwright-core";
import { notedInside, watchInside } from "../support/inside.ts";

const panMs = 2_500;
/** As often as a mouse tells where it is. */
const stepMs = 16;
const stepPx = 6;
/** How far from where it was pressed the mouse goes. */
const reachPx = 240;

/**
 * Frames a second while the mouse drags from here, to and fro, for two and a half seconds. What
 * does not follow the mouse has no figure: frames of what stands still are cheap.
 */
export async function panFps(
  page: Page,
  from: { readonly x: number; readonly y: number },
  place?: () => Promise<unknown>,
): Promise<number> {
  const before = JSON.stringify(await place?.());
  const { mouse } = page;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await watchInside(page);
  const startMs = performance.now();
  for (let step = 0; performance.now() - startMs < panMs; step += 1) {
    const away = Math.round(reachPx * Math.sin((step * stepPx) / reachPx));
    await mouse.move(from.x + away, from.y + Math.round(away / 3));
    await untilMs(startMs + (step + 1) * stepMs);
  }
  const { gapsMs } = await notedInside(page);
  const after = JSON.stringify(await place?.());
  await mouse.up();
  if (place !== undefined && before === after) throw new Error("what was dragged stood still");
  const ms = gapsMs.reduce((sum, gap) => sum + gap, 0);
  return (gapsMs.length * 1_000) / ms;
}

/** Resolves at that instant, or at once when it is past. */
export async function untilMs(atMs: number): Promise<void> {
  const leftMs = atMs - performance.now();
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

/** A page with a canvas that draws so many dots wherever the mouse drags it, and nothing else. */
export async function bareCanvas(page: Page, dots: number): Promise<void> {
  await page.goto("about:blank");
  await page.evaluate(`(() => {
    document.body.style.margin = "0";
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [innerWidth, innerHeight];
    canvas.style.display = "block";
    document.body.append(canvas);
    const context = canvas.getContext("2d");
    const across = Math.ceil(Math.sqrt(${dots} * 1.6));
    const step = innerWidth / across;
    let [x, y, asked] = [0, 0, false];
    const draw = () => {
      asked = false;
      context.clearRect(0, 0, canvas.width, canvas.height);
      for (let dot = 0; dot < ${dots}; dot += 1) {
        context.fillStyle = dot % 9 === 0 ? "#d55e00" : "#0072b2";
        context.beginPath();
        context.arc(x + (dot % across) * step, y + Math.floor(dot / across) * step, 4, 0, 6.3);
        context.fill();
      }
    };
    addEventListener("pointermove", (event) => {
      [x, y] = [x + event.movementX, y + event.movementY];
      if (!asked) requestAnimationFrame(draw);
      asked = true;
    });
    draw();
  })()`);
}
