// The event log as an operator works with it: found, left out, held still, read, and taken along.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PresenceSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  GetEventResponseSchema,
  SubscribeRequestSchema,
  SubscribeResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { offencesOn } from "./accessible.ts";
import { focused, openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { answer, stream } from "./told.ts";

let ground: Ground;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  ground = await startGround("event");
  watched = await openPage(ground.browser);
  ({ page } = watched);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

const log = () => page.getByRole("table", { name: "Event log" });
const rows = () => log().locator("[data-row]");
const panel = () => page.getByRole("complementary");
const chip = (word: string) => page.getByRole("button", { name: `Remove the filter ${word}` });

async function open(search = ""): Promise<void> {
  await page.goto(`${ground.federation.webUrl}event${search}`);
  await rows().first().waitFor();
}

async function texts(): Promise<string[]> {
  return await log()
    .getByRole("row")
    .filter({ has: page.locator("[data-row]") })
    .allTextContents();
}

async function cursors(): Promise<(string | null)[]> {
  return await rows().evaluateAll((all) => all.map((row) => row.getAttribute("data-row")));
}

/** Has the instances tell something new. */
async function tellMore(reason: string): Promise<void> {
  const told = await foedus(["event", "request", "--reason", reason]);
  expect(told.errors).not.toContain("foedus:");
}

function foedus(args: readonly string[]) {
  return runCommand(["--data", dataFolder(), ...args]);
}

/** The processes write their logs into the folder of the hub. */
function dataFolder(): string {
  return dirname(ground.federation.logs);
}

/** What was copied, as a POSIX shell takes it apart; the program's own arguments. */
async function copiedArgs(): Promise<string[]> {
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const { stdout } = await promisify(execFile)("sh", ["-c", `printf '%s\\0' ${copied}`]);
  const [npx, name, ...args] = stdout.split("\0").slice(0, -1);
  expect([npx, name]).toEqual(["npx", "foedus"]);
  return args;
}

async function linesOf(button: Locator): Promise<unknown[]> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  expect(download.suggestedFilename()).toBe("events.ndjson");
  return jsonLines(await readFile(await download.path(), "utf8"));
}

function jsonLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

test("families are asked for and left out, each as a chip that can be removed", async () => {
  await open();
  await page.getByRole("button", { name: /^Families/ }).click();
  await page.getByRole("button", { name: "Hide the steady beat" }).click();
  await page.keyboard.press("Escape");
  await chip("not telemetry_sync").waitFor();
  await expect.poll(async () => (await texts()).join()).not.toMatch(/telemetry_sync|hub\.health/);
  expect(page.url()).toContain("not=hub.health,telemetry_sync");
  await page.reload();
  await rows().first().waitFor();
  expect((await texts()).join()).not.toContain("telemetry_sync");
  await chip("not telemetry_sync").click();
  await expect.poll(async () => (await texts()).join()).toContain("telemetry_sync");
  await page.getByRole("button", { name: "Clear all" }).click();
  await chip("not hub.health").waitFor({ state: "hidden" });
});

test("sources, words and a time narrow together, and say so where nothing is left", async () => {
  await open();
  await page.getByRole("button", { name: /^Sources/ }).click();
  await page.getByRole("button", { name: "Only what the hub tells" }).click();
  await page.keyboard.press("Escape");
  await expect.poll(async () => (await texts()).join()).not.toContain("telemetry_sync");
  await page.keyboard.press("/");
  await page.keyboard.type("registered SERVER");
  await expect.poll(async () => (await texts()).length).toBe(1);
  expect((await texts())[0]).toContain("node.registered");
  await page.getByRole("button", { name: /^Time/ }).click();
  await page.getByRole("button", { name: "The last 5m" }).click();
  await page.keyboard.press("Escape");
  expect((await texts()).length).toBe(1);
  expect(page.url()).toMatch(/source=hub&q=registered\+SERVER&since=5m/);
  await open("?since=2020-01-01&until=2099-01-01");
  await page.goto(`${ground.federation.webUrl}event?until=2020-01-01`);
  await page.getByText("No event matches the filter").waitFor();
});

test("a paused log stands still, counts what came, and goes on with now", async () => {
  await open("?not=telemetry_sync,hub.health");
  await page.getByRole("heading", { name: "Events" }).click();
  await page.keyboard.press("Space");
  const before = await cursors();
  await tellMore("a pause");
  const waiting = page.getByRole("button", { name: /^Continue, [1-9]\d* waiting$/ });
  await waiting.waitFor();
  expect(await cursors()).toEqual(before);
  await page.keyboard.press("Space");
  await expect.poll(async () => (await texts()).join()).toContain("a pause");
});

test("whoever scrolled away is led back, and no row moves until then", async () => {
  await page.setViewportSize({ width: 1_024, height: 480 });
  await open("?not=telemetry_sync,hub.health");
  await log().evaluate((table) => table.scrollTo({ top: 200 }));
  const first = await rows().first().getAttribute("data-row");
  await tellMore("while reading");
  const newer = page.getByRole("button", { name: /^[1-9]\d* newer$/ });
  await newer.waitFor();
  expect(await rows().first().getAttribute("data-row")).toBe(first);
  expect(await log().evaluate((table) => table.scrollTop)).toBe(200);
  await newer.click();
  expect(await log().evaluate((table) => table.scrollTop)).toBe(0);
  await newer.waitFor({ state: "hidden" });
  await page.setViewportSize({ width: 1_440, height: 900 });
});

test("the keyboard alone finds a row, opens it, goes on and closes it", async () => {
  await open("?type=integration.edge");
  await log().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  const row = await focused(page);
  expect(row).toMatch(/^Event \d+$/);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: row }).waitFor();
  await panel().getByText("Verified by this browser").waitFor();
  await panel().getByText("the one it joined with").waitFor();
  await page.keyboard.press("k");
  await page.getByRole("complementary", { name: row }).waitFor({ state: "hidden" });
  await page.keyboard.press("j");
  await page.getByRole("complementary", { name: row }).waitFor();
  await page.keyboard.press("Escape");
  await panel().waitFor({ state: "hidden" });
  expect(await focused(page)).toBe(row);
});

test("an open event and what is filtered by can be used by everybody", async () => {
  await open("?type=integration.edge&since=1d");
  await rows().first().click();
  await panel().getByText("the one it joined with").waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("an event leads to its node and to what else was told", async () => {
  await open("?type=hub.presence");
  await rows().first().click();
  await panel()
    .getByRole("link", { name: /^All events of / })
    .click();
  await expect.poll(async () => (await texts()).join()).toContain("integration.edge");
  await panel().waitFor();
  await panel()
    .getByRole("link", { name: /on the map$/ })
    .click();
  await page.getByRole("complementary", { name: /^Node / }).waitFor();
});

test("what is copied as a command prints the same in a terminal", async () => {
  await open("?not=telemetry_sync,hub.health&source=hub&q=server&since=1h");
  const shown = await cursors();
  await page.getByRole("button", { name: "Export" }).click();
  const saved = await linesOf(page.getByRole("button", { name: "Save as NDJSON" }));
  await page.getByRole("button", { name: "Copy as CLI" }).click();
  const { code, out } = await foedus([...(await copiedArgs()), "--output", "json"]);
  expect(code).toBe(0);
  expect(jsonLines(out)).toEqual(saved);
  expect(saved.map((line) => (line as { cursor: string }).cursor).toReversed()).toEqual(shown);
  expect(saved.length).toBeGreaterThan(1);
});

test("the command of one event proves that event", async () => {
  await open("?type=hub.presence");
  await rows().first().click();
  await panel().getByRole("button", { name: "Copy as CLI" }).click();
  const { code, out } = await foedus([...(await copiedArgs()), "--output", "json"]);
  expect([code, jsonLines(out)]).toMatchObject([0, [{ proved: true }]]);
});

test("an address with a shell's own signs in it is copied as words", async () => {
  const [words, subject] = ["-x 'y $(id)", 'it\'s; `id` | "z"'];
  const search = new URLSearchParams({ q: words, subject, since: "1d", until: "1s" });
  await page.goto(`${ground.federation.webUrl}event?${search}`);
  await page.getByText("No event matches the filter").waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: "Copy as CLI" }).click();
  const args = await copiedArgs();
  expect(args).toEqual(expect.arrayContaining([words, subject]));
  expect(await foedus(args)).toMatchObject({ code: 0, out: "" });
});

test("the strip of the rate asks for a time by a click", async () => {
  await open();
  const strip = page.getByRole("img", { name: /events from .* Most in / });
  const box = await strip.boundingBox();
  // The newest interval stands last, and has an event.
  await strip.click({ position: { x: (box?.width ?? 0) - 3, y: 10 } });
  await expect.poll(() => page.url()).toMatch(/since=\d{4}-.*until=\d{4}-/);
  await chip("until").first().waitFor();
  expect((await texts()).length).toBeGreaterThan(0);
});

/** What stands before each message of a stream. */
const envelopeBytes = 5;

const hostile = [
  `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">`,
  "x".repeat(10_000),
  "שלום עולם \u202Eevil\u202C",
  "\u{1F984}\u{1F525} emoji",
];

test("hostile words are words, and what is missing is a row that says why", async () => {
  const beside = await ground.openBeside(watched);
  const events = hostile.map((text, at) => {
    const payload = toBinary(PresenceSchema, create(PresenceSchema, { title: text, url: text }));
    const event = { type: "hub.presence", source: text, subject: text, payload };
    return { cursor: BigInt(at + 5), event: toBinary(EventSchema, create(EventSchema, event)) };
  });
  const gap = { fromCursor: 1n, toCursor: 4n, reason: "it is no longer kept" };
  const method = "foedus.event.v1.EventService/Subscribe";
  await stream(beside.page, method, SubscribeResponseSchema, [
    { item: { case: "gap", value: gap } },
    { item: { case: "delivery", value: { events, cursor: 8n } } },
    { item: { case: "head", value: { cursor: 8n } } },
  ]);
  // Whoever has heard it all hears nothing more, rather than the same once again.
  await beside.page.route(`**/${method}`, async (route) => {
    const body = route.request().postDataBuffer()?.subarray(envelopeBytes) ?? Buffer.alloc(0);
    if (fromBinary(SubscribeRequestSchema, body).afterCursor !== 8n) await route.fallback();
  });
  const answered = "foedus.event.v1.EventService/GetEvent";
  await answer(beside.page, answered, GetEventResponseSchema, { event: events[0] });
  await beside.page.goto(`${ground.federation.webUrl}event?selected=5`);
  await beside.page.getByText("Gap: 4 events (1 to 4) are missing: it is no longer kept").waitFor();
  await beside.page.getByText("This browser disagrees").waitFor();
  await beside.page.getByRole("link", { name: /^All events about/ }).click();
  await beside.page.getByRole("button", { name: /^Remove the filter about/ }).waitFor();
  expect(await beside.page.title()).toBe("Events · Foedus");
  const wider = () => document.documentElement.scrollWidth - innerWidth;
  expect(await beside.page.evaluate(wider)).toBeLessThanOrEqual(0);
  expect(beside.complaints).toEqual([]);
});

test("the page broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
