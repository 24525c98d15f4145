// Two nodes write to one field without knowledge of each other; an operator decides, by keyboard.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDataFolder } from "../support/folder.ts";
import type { SyncWriter, WriterOptions } from "../support/sync.writer.shape.ts";
import { offencesOn } from "./accessible.ts";
import { focused, openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

let ground: Ground;
let watched: Watched;
let dark: Watched;
let writers: readonly SyncWriter[] = [];
const folder = makeDataFolder("e2e-sync-writers");

beforeAll(async () => {
  ground = await startGround("sync");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
  dark = await ground.openBeside(watched, "dark");
}, groundMs);

afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.stop()));
  await ground?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Loaded by its place: the sources of a node do not type-check beside the names of a browser. */
async function startWriter(name: string): Promise<SyncWriter> {
  const place = new URL("../support/sync.writer.ts", import.meta.url).href;
  const loaded = (await import(place)) as {
    startWriter(options: WriterOptions): Promise<SyncWriter>;
  };
  const { secret: token, invitation } = await ground.federation.session().token(name);
  const own = join(folder, name);
  return await loaded.startWriter({ invitation, token, folder: own, collection: "notes" });
}

async function open({ page }: Watched, path: string): Promise<void> {
  await page.goto(ground.federation.webUrl + path);
}

/** Both write to the record while neither knows of the other. */
async function contend(record: string, texts: readonly [string, string]): Promise<void> {
  await Promise.all(writers.map((writer) => writer.leave()));
  for (const [at, writer] of writers.entries()) writer.put(record, texts[at] ?? "");
  await Promise.all(writers.map((writer) => writer.connect()));
  const both = texts.toSorted();
  for (const writer of writers) {
    await expect.poll(() => writer.values(record).toSorted()).toEqual(both);
  }
}

const conflict = (record: string, { page } = watched) =>
  page.getByRole("article", { name: `Conflict in ${record}` });

test("a hub without streams says how the first one comes", async () => {
  await open(watched, "sync");
  await watched.page.getByText("Nothing is synced yet").waitFor();
  await watched.page.getByText("npx foedus sync declare notes").waitFor();
  expect(await offencesOn(watched.page)).toEqual([]);
});

test("the first stream appears by itself, with the nodes that follow it", async () => {
  const { page } = watched;
  writers = [await startWriter("desk"), await startWriter("phone")];
  await Promise.all(writers.map((writer) => writer.connect()));
  writers[0]?.put("list", "bread");
  await page.getByRole("button", { name: "notes", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "Stream notes" });
  for (const name of ["desk", "phone"]) await panel.getByText(name, { exact: true }).waitFor();
  await panel.getByText("up to date").first().waitFor();
  await panel.getByRole("button", { name: "Count anew" }).click();
  await panel.getByText(/^Sound: 1 cell counted/).waitFor();
  await open(dark, "sync?selected=notes");
  await dark.page.getByRole("complementary", { name: "Stream notes" }).waitFor();
  for (const { page: each } of [watched, dark]) expect(await offencesOn(each)).toEqual([]);
});

test("an operator sees both values, and keeps one by keyboard alone: it is so on both nodes", async () => {
  const { page } = watched;
  await contend("title", ["Groceries", "Party"]);
  await page.goto(`${ground.federation.webUrl}node`);
  await page.getByRole("group", { name: /^Map of/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Sync", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Conflicts 1" }).focus();
  await page.keyboard.press("Enter");
  await conflict("title").getByText("Groceries", { exact: true }).waitFor();
  await conflict("title").getByText("Party", { exact: true }).waitFor();
  await conflict("title")
    .getByText(/^Of 2 values .* is shown/)
    .waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await open(dark, "sync?view=conflicts");
  await conflict("title", dark).waitFor();
  expect(await offencesOn(dark.page)).toEqual([]);
  await tabTo("Keep this one", conflict("title").getByRole("group", { name: "Value of desk" }));
  await page.keyboard.press("Enter");
  await page.getByText("Kept “Groceries” in title.").waitFor();
  for (const each of [watched, dark]) {
    await conflict("title", each).waitFor({ state: "hidden" });
    await each.page.getByText("No field is in conflict").waitFor();
  }
  for (const writer of writers) {
    await expect.poll(() => writer.values("title")).toEqual(["Groceries"]);
  }
});

/** Tab after Tab, until the button of that name inside the part has the focus. */
async function tabTo(name: string, part: ReturnType<typeof conflict>): Promise<void> {
  const { page } = watched;
  await expect
    .poll(async () => {
      await page.keyboard.press("Tab");
      const within = await part.evaluate((element) => element.contains(document.activeElement));
      return within ? await focused(page) : "";
    })
    .toBe(name);
}

test("another value is written in place of both", async () => {
  const { page } = watched;
  await open(watched, "sync?view=conflicts");
  await page.getByRole("combobox").waitFor();
  await contend("place", ["harbour", "garden"]);
  await conflict("place").getByRole("button", { name: "Write another value" }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("roof");
  await page.getByRole("button", { name: "Write it" }).click();
  await page.getByText("Another value was written in place.").waitFor();
  for (const writer of writers) await expect.poll(() => writer.values("place")).toEqual(["roof"]);
});

test("who comes too late is told so, and sees what is there now", async () => {
  const { page } = watched;
  await contend("colour", ["red", "blue"]);
  await open(watched, "sync?view=conflicts");
  await conflict("colour").waitFor();
  // This page hears nothing more of the stream, nor of the list, until it decides.
  await page.route("**/ListConflicts", (route) => route.abort());
  const client = ground.federation.session().as(CollectionService);
  const { conflicts } = await client.listConflicts({});
  const [found] = conflicts.filter(({ name }) => name?.record === "colour");
  const seen = found?.contenders.flatMap(({ sibling }) => sibling?.dot ?? []) ?? [];
  await client.resolveConflict({
    requestId: "another-operator",
    stream: found?.stream,
    name: found?.name,
    seen,
    value: { case: "body", value: new TextEncoder().encode("green") },
  });
  await conflict("colour").getByRole("button", { name: "Keep this one" }).first().click();
  await conflict("colour")
    .getByText(/holds other values by now/)
    .waitFor();
  await page.unroute("**/ListConflicts");
  for (const writer of writers) await expect.poll(() => writer.values("colour")).toEqual(["green"]);
});

test("a collection is declared, and a node is granted to relay", async () => {
  const { page } = watched;
  await open(watched, "sync?view=rules");
  await page.getByRole("button", { name: "Declare a collection" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("catalog");
  await dialog.getByRole("textbox", { name: "Partitions" }).fill("east west");
  expect(await offencesOn(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Declare it" }).click();
  await page.getByRole("cell", { name: "2: east, west" }).waitFor();
  await page.getByRole("button", { name: "Grant to a node" }).click();
  await dialog.getByRole("textbox", { name: "Node" }).fill("server");
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Grant it" }).click();
  await page.getByRole("cell", { name: "relays", exact: true }).waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("the pages broke no policy and threw nothing", () => {
  expect([...watched.complaints, ...dark.complaints]).toEqual([]);
});
