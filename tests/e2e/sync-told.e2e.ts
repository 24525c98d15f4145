// The page of sync with more and worse than a small federation would tell.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import {
  type ResolveConflictRequest,
  ResolveConflictRequestSchema,
  ResolveConflictResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { ListPeersResponseSchema } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { focused } from "./browser.ts";
import { freshPage } from "./fresh.ts";
import { answer } from "./told.ts";
import { collections, contested, streamed, tellConflicts, tellStreams } from "./told-sync.ts";

const watched = freshPage("sync-told");
const { open } = watched;

const conflict = (field: string) =>
  watched.page.getByRole("article", { name: `Conflict in list · ${field}` });

/** Every request to resolve a conflict, as the page made it; each is answered, after `first`. */
async function resolved(first = async () => {}): Promise<ResolveConflictRequest[]> {
  const made: ResolveConflictRequest[] = [];
  const answered = create(ResolveConflictResponseSchema);
  const body = Buffer.from(toBinary(ResolveConflictResponseSchema, answered));
  await watched.page.route(`**/${collections}/ResolveConflict`, async (route) => {
    const asked = route.request().postDataBuffer() ?? new Uint8Array();
    made.push(fromBinary(ResolveConflictRequestSchema, asked));
    await first();
    await route.fulfill({ body, contentType: "application/proto", status: 200 });
  });
  return made;
}

test("a thousand streams fill the table as far as somebody asks, and change where they stand", async () => {
  const { page } = watched;
  const streams = Array.from({ length: 1_000 }, (_, at) =>
    streamed(`notes-${String(at).padStart(4, "0")}`, at, [{ id: "a", name: "reader", seq: at }]),
  );
  const told = await tellStreams(page, streams);
  await open("sync");
  const rows = page.getByRole("region", { name: "Streams" }).getByRole("row");
  await page.getByText("Showing 200 of 1,000").waitFor();
  expect(await rows.count()).toBe(201);
  const row = rows.filter({ hasText: "notes-0005" });
  const before = await row.boundingBox();
  const late = { id: "a", name: "reader", seq: 5, lagOps: 3, lagMs: 7_200n };
  await told.tell({ streams: [streamed("notes-0005", 8, [late])] });
  await row.getByText(/^3 ops behind, \d/).waitFor();
  expect(await row.boundingBox()).toEqual(before);
  await page.keyboard.press("/");
  await page.keyboard.type("notes-0999");
  await page.getByRole("button", { name: "notes-0999" }).waitFor();
  expect(await rows.count()).toBe(2);
});

test("a stream is opened by the keyboard, and says who follows it and who may not", async () => {
  const { page } = watched;
  const followers = [
    { id: "a", name: "reader", seq: 12, flightBytes: 2_048n },
    { id: "b", name: "below", kind: PeerKind.CHILD, seq: 4, lagOps: 8, lagMs: 60_000n },
    { id: "c", name: "gone", seq: 2, lagOps: 10, lagMs: 86_400_000n, connected: false },
    { id: "d", name: "abroad", refusal: Refusal.ZONE },
  ];
  await tellStreams(page, [streamed("notes", 12, followers), streamed("tasks", 1)]);
  await open("sync");
  await page.getByRole("button", { name: "notes", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe("tasks");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Stream notes" });
  await panel.getByText("Who follows it: 4").waitFor();
  await panel.getByText("2 KiB in flight").waitFor();
  await panel.getByText("away, 10 ops behind, 1 d").waitFor();
  await panel.getByText("it does not stand in the stream's zone").waitFor();
  await panel.getByText("npx foedus sync status notes").waitFor();
  expect(new URL(page.url()).searchParams.get("selected")).toBe("notes");
  expect(await offencesOn(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  expect(await focused(page)).toBe("notes");
});

test("a stream that breaks off says so, and what was seen stays in sight", async () => {
  const { page } = watched;
  const late = { id: "a", name: "reader", lagOps: 2, lagMs: 2_000n };
  const told = await tellStreams(page, [streamed("notes", 12, [late])]);
  await open("sync");
  const main = page.getByRole("main");
  await main.getByText("Live", { exact: true }).waitFor();
  await told.cut();
  await main.getByText(/^Reconnecting/).waitFor();
  expect(await page.getByRole("button", { name: "notes", exact: true }).count()).toBe(1);
  await main.getByText("Live", { exact: true }).waitFor();
});

test("hostile values are words and nothing else", async () => {
  const { page } = watched;
  const script = `<img src=x onerror="document.title='taken'">`;
  const bytes = Uint8Array.of(0, 255, 254, 10);
  await tellStreams(page, [{ ...streamed("notes", 12), conflicts: 2 }]);
  await tellConflicts(page, [
    contested("one", [script, "\u202Eevil"]),
    contested("two", [bytes, ""]),
  ]);
  await open("sync?view=conflicts");
  await conflict("one").getByText(script).waitFor();
  await conflict("one").getByText("\\u202eevil").waitFor();
  await conflict("two").getByText("00ff fe0a").waitFor();
  await conflict("two").getByText("a value of no bytes").waitFor();
  expect(await page.title()).toBe("Sync · Foedus");
  expect(await offencesOn(page)).toEqual([]);
  expect(watched.complaints).toEqual([]);
});

test("one press keeps a value, and the keyboard goes on with the next conflict", async () => {
  const { page } = watched;
  const rest = contested("two", ["green", "blue"]);
  const made = await resolved(() => tellConflicts(page, [rest]));
  await tellStreams(page, [{ ...streamed("notes", 12), conflicts: 2 }]);
  await tellConflicts(page, [contested("one", ["red", "pink"]), rest]);
  await open("sync?view=conflicts");
  await conflict("one").waitFor();
  await page.getByRole("combobox").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("j");
  expect(await focused(page)).toBe("Conflict in list · two");
  await page.keyboard.press("k");
  expect(await focused(page)).toBe("Conflict in list · one");
  await conflict("one").getByRole("button", { name: "Keep this one" }).nth(1).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Kept “pink” in list · one.").waitFor();
  await conflict("one").waitFor({ state: "hidden" });
  await expect.poll(() => focused(page)).toBe("Conflict in list · two");
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({
    name: { record: "list", field: "one" },
    value: { case: "keep", value: { replica: "replica-1", ctr: 2 } },
    seen: [
      { replica: "replica-0", ctr: 1 },
      { replica: "replica-1", ctr: 2 },
    ],
  });
  expect(made[0]?.requestId).toMatch(/^web-/);
});

test("a value that nobody has seen whole is not thrown away without a word", async () => {
  const { page } = watched;
  const made = await resolved();
  await tellStreams(page, [{ ...streamed("notes", 12), conflicts: 1 }]);
  await tellConflicts(page, [contested("one", ["red", "long ".repeat(13_000)])]);
  await open("sync?view=conflicts");
  const keep = conflict("one").getByRole("button", { name: "Keep this one" });
  await keep.first().click();
  const dialog = page.getByRole("dialog", { name: "Keep this one" });
  await dialog.getByText("was not shown whole yet").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await page.keyboard.press("Escape");
  expect(made).toEqual([]);
  await conflict("one").getByRole("button", { name: "Show all 63 KiB" }).click();
  await keep.first().click();
  await page.getByText("Kept “red” in list · one.").waitFor();
  expect(made).toHaveLength(1);
});

test("another value is written as what the others are, and JSON that is none is not", async () => {
  const { page } = watched;
  const made = await resolved();
  await tellStreams(page, [{ ...streamed("notes", 12), conflicts: 1 }]);
  await tellConflicts(page, [contested("one", ['{"a":1}', '{"a":2}'])]);
  await open("sync?view=conflicts");
  await conflict("one").getByRole("button", { name: "Write another value" }).click();
  const dialog = page.getByRole("dialog", { name: "Write another value" });
  const field = dialog.getByRole("textbox", { name: "Value" });
  expect(await field.inputValue()).toBe('{"a":1}');
  await field.fill('{"a":');
  await dialog.getByText("This is not JSON.").first().waitFor();
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Write it" }).focus();
  await page.keyboard.press("Enter");
  expect(made).toEqual([]);
  expect(await offencesOn(page)).toEqual([]);
  await field.fill('{"a":3}');
  await dialog.getByRole("button", { name: "Write it" }).click();
  await dialog.waitFor({ state: "hidden" });
  const [request] = made;
  const body = request?.value.case === "body" ? request.value.value : new Uint8Array();
  expect(new TextDecoder().decode(body)).toBe('{"a":3}');
});

test("an observer sees both values, and why they cannot decide", async () => {
  const { page } = watched;
  const made = await resolved();
  const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
  await answer(page, "foedus.person.v1.PersonService/GetSession", GetSessionResponseSchema, {
    person,
    tenant: "main",
    trustDomain: "foedus.test",
  });
  await tellStreams(page, [{ ...streamed("notes", 12), conflicts: 1 }]);
  await tellConflicts(page, [contested("one", ["red", "pink"])]);
  await open("sync?view=conflicts");
  const keep = conflict("one").getByRole("button", { name: "Keep this one" }).first();
  await keep.focus();
  await page
    .getByRole("tooltip")
    .getByText(/needs the role member; you are an observer/)
    .waitFor();
  await page.keyboard.press("Enter");
  expect(made).toEqual([]);
});

test("who listens for whom is listed with its ends, and one that is cut off as such", async () => {
  const { page } = watched;
  const rules = page.getByRole("region", { name: "Peers by node" });
  await open("sync?view=rules");
  await page.getByText("No node listens for others").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  const ends = {
    leaseExpireTime: { seconds: 1_800_000_600n },
    membershipExpireTime: { seconds: 1_800_003_600n },
  };
  const zones = ["world", "eu"];
  const peers = [
    { nodeId: "node_a", node: "porch", address: "porch.test:7500", zones, told: true, ...ends },
    { nodeId: "node_b", node: "attic", address: "[fd00::1]:7500", zones, told: false, ...ends },
  ];
  await answer(page, "foedus.sync.v1.SyncService/ListPeers", ListPeersResponseSchema, { peers });
  await open("sync?view=rules");
  await rules.getByRole("row", { name: /^porch porch\.test:7500 world ?eu .*2027/ }).waitFor();
  await rules.getByRole("row", { name: /^attic .* nobody is: it is cut off/ }).waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("a late copy is marked on its link, on its ties and in its panel; without sync nothing is", async () => {
  const { page } = watched;
  await open("node");
  const map = page.getByRole("group", { name: /^Map of 3/ });
  const nodes = map.locator("[data-node]");
  await nodes.nth(2).waitFor();
  const id = (await nodes.filter({ hasText: "clients" }).getAttribute("data-node")) ?? "";
  expect(await page.getByText("sync is behind by").count()).toBe(0);
  const late = { id, name: "clients", seq: 3, lagOps: 1_204, lagMs: 9_000n };
  await tellStreams(page, [streamed("notes", 1_207, [late])]);
  await open(`node?selected=${id}`);
  await map
    .getByText(/1,204 ops, \d+ s/)
    .first()
    .waitFor();
  const panel = page.getByRole("complementary", { name: "Node clients" });
  await panel.getByText(/^1,204 ops behind, \d+ s/).waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await map
    .getByRole("button", { name: /shared schema.*sync is behind/ })
    .first()
    .click();
  await page.getByText("Sync at its ends").waitFor();
});
