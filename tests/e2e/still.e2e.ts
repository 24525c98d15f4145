// What a page must not do: move under the reader, stay blank, or run what it was not built of.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { framesInside, notedInside, watchInside } from "../support/inside.ts";
import type { Member, Populated } from "../support/populated/shape.ts";
import { coloursOf, openPage, startBrowser, type Watched } from "./browser.ts";
import { groundMs, preparePage } from "./ground.ts";
import { startPopulated } from "./populated.ts";

const count = 12;
const updates = 200;
/** Cards, ties and letters; a map without them is a glow at most. */
const coloursMin = 300;
const settleFrames = 10;
/** Half a second: what moves for longer than that moves for good. */
const longFrames = 30;

let populated: Populated;
let browser: Browser;
let watched: Watched;

beforeAll(async () => {
  await preparePage();
  populated = await startPopulated({ name: "still", count });
  browser = await startBrowser();
  watched = await openPage(browser);
  await watched.page.goto(await populated.session().link());
  await map().waitFor();
}, groundMs);

afterAll(async () => {
  await browser?.close();
  await populated?.stop();
});

const map = () => watched.page.getByRole("group", { name: /^Map of/ });
const online = () => populated.members.filter(({ planned }) => planned.standing === "online");

async function open(path: string): Promise<void> {
  await watched.page.goto(populated.hub.ready.web + path);
}

/** Changes every node again and again; the last one ends degraded, the others well. */
async function change(): Promise<Member> {
  const members = online();
  const last = members.at(-1);
  if (last === undefined) throw new Error("nobody is online");
  for (let turn = 0; turn < updates; turn += 1) {
    const round = Math.floor(turn / members.length);
    await members[turn % members.length]?.beat(round % 2 === 0 ? "it is changed" : undefined);
  }
  for (const member of members) await member.beat(member === last ? "it is changed" : undefined);
  return last;
}

test.each(["node", "node?view=table", "node?group=project"])(
  "two hundred updates move nothing on /%s",
  async (path) => {
    const { page } = watched;
    await open(path);
    await page
      .getByText(/^checkout-prod-01/)
      .first()
      .waitFor();
    await framesInside(page, settleFrames);
    await watchInside(page);
    const last = await change();
    const there = page
      .locator("button,tr")
      .filter({ hasText: last.planned.name })
      .filter({ hasText: "Degraded" });
    await there.first().waitFor();
    await framesInside(page, settleFrames);
    expect((await notedInside(page)).shifts).toEqual([]);
    await last.beat();
  },
  60_000,
);

test("what moves under the reader is noticed", async () => {
  const { page } = watched;
  await open("node?view=table");
  await page
    .getByText(/^checkout-prod-01/)
    .first()
    .waitFor();
  await framesInside(page, settleFrames);
  await watchInside(page);
  await page.evaluate(() => {
    const strip = document.createElement("div");
    strip.style.height = "80px";
    document.querySelector("#main")?.prepend(strip);
  });
  await framesInside(page, settleFrames);
  expect((await notedInside(page)).shifts).not.toEqual([]);
});

test("a blank map has no colours, whatever the DOM says", async () => {
  await open("node");
  await map().locator("[data-node]").first().waitFor();
  await expect.poll(() => coloursOf(map())).toBeGreaterThan(coloursMin);
  await map().evaluate(blank);
  expect(await coloursOf(map())).toBeLessThan(coloursMin / 4);
});

/** Everything is there, and nothing is to be seen: as when a canvas lost its context. */
function blank(element: Element): void {
  for (const part of element.querySelectorAll<HTMLElement>("*")) {
    // The page goes on drawing into its own canvas, where nobody sees it.
    if (part instanceof HTMLCanvasElement) part.replaceWith(part.cloneNode());
    else part.style.opacity = "0";
  }
}

test("where less motion is wished, nothing moves by itself", async () => {
  const { page } = watched;
  for (const path of ["node", "node?selected=" + (online()[0]?.id ?? ""), "event", "learning"]) {
    await open(path);
    await page.locator("#main").getByText(/./).first().waitFor();
    await online()[0]?.beat();
    await framesInside(page, longFrames);
    // What comes into sight in this very frame is through in the next one; what moves goes on.
    await expect.poll(() => page.evaluate(running)).toEqual([]);
  }
});

/** What still runs half a second later. */
function running(): string[] {
  return document
    .getAnimations()
    .filter(({ playState }) => playState === "running")
    .map((animation) => {
      const { effect } = animation;
      const target = effect instanceof KeyframeEffect ? effect.target : null;
      return `${animation.id || animation.constructor.name} on ${target?.className ?? "?"}`;
    });
}

test("where motion is welcome, something of the map does move", async () => {
  const context = await browser.newContext();
  await context.addCookies(await watched.context.cookies());
  const page = await context.newPage();
  await page.goto(`${populated.hub.ready.web}node`);
  await page.getByRole("group", { name: /^Map of/ }).waitFor();
  const [first] = online();
  // Each heartbeat is told within a second.
  await expect
    .poll(async () => {
      await first?.beat();
      return await page.evaluate(() => document.getAnimations().length);
    })
    .toBeGreaterThan(0);
  await context.close();
});

test("a script that somebody put into the page does not run", async () => {
  const { page } = await beside();
  await page.goto(`${populated.hub.ready.web}node`);
  await page.getByRole("group", { name: /^Map of/ }).waitFor();
  const outcome = await page.evaluate(inject);
  expect(outcome).toEqual({ ran: false, markup: "TypeError", evaluated: "EvalError" });
  const { violations } = await notedInside(page);
  const broken = violations.join("\n");
  for (const way of ["innerHTML", "Function", "HTMLScriptElement"]) expect(broken).toContain(way);
});

/** The ways by which a hostile word becomes a program. */
async function inject() {
  // What a debugger asks for may evaluate; what runs afterwards is the page's own.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const attempt = (act: () => unknown) => {
    try {
      act();
      return "done";
    } catch (error) {
      return error instanceof Error ? error.constructor.name : "thrown";
    }
  };
  const markup = attempt(() => (document.body.innerHTML = "<img src=x onerror=alert(1)>"));
  // By the constructor, for a linter would stop the plain word.
  const evaluated = attempt(() => Reflect.construct(Function, ["globalThis.taken = 1"]));
  const script = document.createElement("script");
  script.append("globalThis.taken = 1");
  document.body.append(script);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return { ran: "taken" in globalThis, markup, evaluated };
}

const pages = ["node", "node?view=table", "event", "access", "identity", "link", "learning"];
const rest = ["tenant", "person", "hub", "parts"];

test.each([...pages, ...rest])("/%s breaks no policy of its own", async (path) => {
  const { page, complaints, context } = await beside();
  await page.goto(populated.hub.ready.web + path);
  await page.locator("#main").getByRole("heading").first().waitFor();
  await framesInside(page, longFrames);
  expect((await notedInside(page)).violations).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

async function beside(): Promise<Watched> {
  const other = await openPage(browser);
  await other.context.addCookies(await watched.context.cookies());
  return other;
}
