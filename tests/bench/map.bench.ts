// B16: the map in a real Chromium without a window, over a real hub.
import type { Browser, Page } from "playwright-core";
import { buildPage } from "../../tools/page.ts";
import { framesInside } from "../support/inside.ts";
import { startPopulated } from "../support/populated/federation.ts";
import type { Populated } from "../support/populated/shape.ts";
import type { Look, LookContext, Seen } from "./look.ts";
import { freshPage, openMap, type Opening, passOf, startBrowser } from "./map.page.ts";
import { bareCanvas, panFps } from "./map.pan.ts";
import { bear, type Borne, growthOf } from "./map.updates.ts";
import { spreadOf } from "./rounds.ts";

const turns = 5;
/** Somewhere on the map where nothing is that could be pressed. */
const ground = { x: 420, y: 820 };
/** As many as it takes for a hundred changes a second of which each node makes one. */
const joining = 120;
const settleFrames = 20;

const loadMostMs = 1_500;
const scriptMostKb = 250;
const panLeastFps = 20;
const frameMostMs: Readonly<Record<number, number>> = { 50: 300, 1_000: 1_000 };
const longMostMs = 100;
/**
 * One node kept for each update is 800. Chance is within 20: long texts and tables of which React
 * holds one copy or two, 75 KB between two looks at a page that changed five minutes long.
 */
const bytesMost = 32;

/** What the map takes of whoever looks at it. */
export const map: Look = {
  title: "B16: the map",
  what: [
    "headless Chromium at 1440x900 on the machine of the hub, without a GPU; each opening is in a",
    "new context with an empty cache, over loopback, of a hub that is warm. The first frame counts",
    "from the last part of the nodes (mark `foedus:nodes`) to the first complete canvas frame on",
    "the screen (`foedus:frame`), the cards to `foedus:cards`, the load from the start of the",
    "navigation. Frames are the browser's own (requestAnimationFrame) while a mouse drags the map",
    "for 2.5 s. Updates are heartbeats of nodes that turn degraded and well again, each stored,",
    "judged and told by the hub. Memory is read from snapshots of the heap, after a collection:",
    "before the first update and after each third of them. What scripts hold (objects, text,",
    "functions, bytes) is counted apart from what V8 keeps of its own: compiled code and notes for",
    "it, which grow by 2 MB while V8 optimizes, level off after two minutes and are no leak.",
    "Growth counts from the first third, when all that is made once was made",
  ].join(" "),
  async look(context) {
    const built = await buildPage(context.say);
    if (built === "failed" || built === "absent") throw new Error(`the page is ${built}`);
    const browser = await startBrowser();
    try {
      return [
        ...(await opened(browser, 50, context)),
        ...(await opened(browser, 1_000, context)),
        ...(await panned(browser, 5_000, context)),
      ];
    } finally {
      await browser.close();
    }
  },
};

/** First frames of a map of so many nodes, and at the larger size what a minute of changes does. */
async function opened(browser: Browser, count: number, context: LookContext): Promise<Seen[]> {
  const many = count > joining;
  context.say(`a hub with ${count} nodes`);
  await using populated = disposable(
    await startPopulated({ name: `map-${count}`, count, joining: many ? joining : count }),
  );
  const pass = await passOf(browser, populated);
  const openings: Opening[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const page = await freshPage(browser, pass);
    openings.push(await openMap(page, populated.hub.ready.web));
    await page.context().close();
  }
  const shown = count.toLocaleString("en");
  const most = `at most ${frameMostMs[count]} ms`;
  const seen = [
    figure(
      `first frame, ${shown} nodes`,
      "ms",
      most,
      openings.map(({ frameMs }) => frameMs),
    ),
    figure(
      `cards, ${shown} nodes`,
      "ms",
      "",
      openings.map(({ cardsMs }) => cardsMs),
    ),
    figure(
      `first load, ${shown} nodes`,
      "ms",
      `at most ${loadMostMs} ms`,
      openings.map(({ loadMs }) => loadMs),
    ),
  ];
  if (!many) {
    const most = `at most ${scriptMostKb} KB`;
    const [first, later] = [
      openings.map((one) => one.scriptKb),
      openings.map((one) => one.laterKb),
    ];
    return [
      ...seen,
      figure("JavaScript there by the first frame, gzip", "KB", most, first),
      figure("JavaScript with the cards, gzip", "KB", "", later),
    ];
  }
  return [...seen, ...(await borne(browser, populated, pass, context))];
}

async function borne(
  browser: Browser,
  populated: Populated,
  pass: Awaited<ReturnType<typeof passOf>>,
  context: LookContext,
): Promise<Seen[]> {
  context.say("a hundred updates a second");
  const page = await freshPage(browser, pass);
  await openMap(page, populated.hub.ready.web);
  const empty = await freshPage(browser, []);
  await empty.goto("about:blank");
  const { held, ...rest } = await bear({ page, empty }, populated.members, context.updatesMs);
  return [
    one("updates that were stored", "a second", "100", rest.updatesPerSecond),
    one("longest frame meanwhile", "ms", `at most ${longMostMs} ms`, rest.page.longestMs),
    one(`frames over ${longMostMs} ms`, "frames", "0", rest.page.long),
    one("longest frame of an empty page beside it", "ms", "", rest.empty.longestMs),
    one(`frames over ${longMostMs} ms of the empty page`, "frames", "", rest.empty.long),
    ...grown(held),
  ];
}

function grown(held: Borne["held"]): Seen[] {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
  const scripts = held.map((each) => megabytes(each.scripts)).join(", ");
  const engine = held.map((each) => megabytes(each.engine)).join(", ");
  const nodes = held.map(({ domNodes }) => domNodes).join(", ");
  const most = `at most ${bytesMost}`;
  const later = held.at(-1);
  const grownTo = (of: "engine" | "domNodes") => (later?.[of] ?? 0) - (held[1]?.[of] ?? 0);
  return [
    one(`growth of what scripts hold (${scripts} MB)`, "bytes an update", most, growthOf(held)),
    one(`growth of V8's own (${engine} MB)`, "MB", "", grownTo("engine") / 2 ** 20),
    one(`growth of the DOM (${nodes} nodes)`, "nodes", "", grownTo("domNodes")),
  ];
}

/** Frames a second of a map of so many nodes, whole and near, and of what could be no faster. */
async function panned(browser: Browser, count: number, context: LookContext): Promise<Seen[]> {
  context.say(`a hub with ${count} nodes`);
  await using populated = disposable(await startPopulated({ name: "map-pan", count, joining: 20 }));
  const pass = await passOf(browser, populated);
  const page = await freshPage(browser, pass);
  const opening = await openMap(page, populated.hub.ready.web);
  const floor = await freshPage(browser, []);
  const fps = {
    blank: [] as number[],
    bare: [] as number[],
    whole: [] as number[],
    near: [] as number[],
  };
  for (let turn = 0; turn < turns; turn += 1) {
    await floor.goto("about:blank");
    fps.blank.push(await panFps(floor, ground));
    await bareCanvas(floor, count);
    fps.bare.push(await panFps(floor, ground));
    await wholeMap(page);
    fps.whole.push(await panFps(page, ground, () => placeOf(page)));
    await nearMap(page);
    fps.near.push(await panFps(page, ground, () => placeOf(page)));
  }
  const shown = count.toLocaleString("en");
  const least = `at least ${panLeastFps} fps`;
  return [
    one(`first load, ${shown} nodes`, "ms", "", opening.loadMs),
    rate(`pan, ${shown} nodes, all in sight`, least, fps.whole),
    rate(`pan, ${shown} nodes, near`, least, fps.near),
    rate("pan of an empty page", "", fps.blank),
    rate(`pan of a bare canvas with ${shown} dots`, "", fps.bare),
  ];
}

/** Where the marks' layer is moved to: the marks themselves may be out of sight. */
async function placeOf(page: Page): Promise<unknown> {
  return await page.locator(".react-flow__viewport").getAttribute("style");
}

async function wholeMap(page: Page): Promise<void> {
  await page.getByRole("group", { name: /^Map of/ }).press("0");
  await framesInside(page, settleFrames);
}

const zoomIn = 5;

async function nearMap(page: Page): Promise<void> {
  const map = page.getByRole("group", { name: /^Map of/ });
  for (let step = 0; step < zoomIn; step += 1) await map.press("+");
  await framesInside(page, settleFrames);
}

type Values = readonly (number | undefined)[];

function figure(name: string, unit: string, target: string, values: Values): Seen {
  const spread = spreadOf(values);
  return { name, unit, target, best: spread?.min, median: spread?.median, worst: spread?.max };
}

function rate(name: string, target: string, values: Values): Seen {
  const spread = spreadOf(values);
  const [best, worst] = [spread?.max, spread?.min];
  return { name, unit: "fps", target, best, median: spread?.median, worst };
}

function one(name: string, unit: string, target: string, value: number): Seen {
  return { name, unit, target, best: undefined, median: value, worst: undefined };
}

function disposable(populated: Populated) {
  return { ...populated, [Symbol.asyncDispose]: () => populated.stop() };
}
