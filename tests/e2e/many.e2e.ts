// A real page of a real hub, with more and worse than a small federation would tell.
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { ListRulesResponseSchema } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { SubscribeResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { type NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { WatchNodesResponseSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { expect, test } from "vitest";
import { notedInside } from "../support/inside.ts";
import { offencesOn } from "./accessible.ts";
import { coloursOf } from "./browser.ts";
import { freshPage } from "./fresh.ts";
import { answer, stream } from "./told.ts";

const watched = freshPage("many");
const { open } = watched;

type NodeInit = MessageInitShape<typeof NodeSchema>;

async function tellNodes(
  nodes: readonly NodeInit[],
  { gap = false, page = watched.page } = {},
): Promise<void> {
  const snapshot = { nodes: [...nodes], last: true, cursor: 9n };
  const missing = { fromCursor: 3n, toCursor: 8n, reason: "it is no longer kept" };
  await stream(page, "foedus.node.v1.NodeService/WatchNodes", WatchNodesResponseSchema, [
    ...(gap ? [{ item: { case: "gap" as const, value: missing } }] : []),
    { item: { case: "snapshot" as const, value: snapshot } },
  ]);
}

function nodesNamed(names: readonly string[]): NodeInit[] {
  return names.map((name, at) => ({
    id: `node_${String(at).padStart(6, "0")}`,
    name,
    state: [NodeState.ONLINE, NodeState.OFFLINE, NodeState.DEGRADED][at % 3] ?? NodeState.ONLINE,
    profile: {
      title: name,
      description: name,
      tags: [name.slice(0, 64)],
      project: name.slice(0, 200),
      team: name.slice(0, 200),
      environment: name.slice(0, 200),
    },
    spiffeId: `spiffe://foedus.test/node/${at}`,
    place: placeOf(at, names.length),
  }));
}

/** As far from each other as the hub lets nodes stand, in a block around it. */
function placeOf(at: number, count: number) {
  const across = Math.ceil(Math.sqrt(count)) + 1;
  // The hub has the middle for itself.
  const spot = at < Math.floor((across * across) / 2) ? at : at + 1;
  const middle = Math.floor(across / 2);
  return { x: ((spot % across) - middle) * 330, y: (Math.floor(spot / across) - middle) * 205 };
}

const hostile = [
  `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">`,
  "x".repeat(10_000),
  "שלום עולם \u202Eevil\u202C",
  "\u{1F984}\u{1F525} emoji",
];

const views = ["", "&view=table", "&group=team", "&view=table&group=project", "&colour=trust"];

test("hostile names are words and nothing else, wherever they stand", async () => {
  await tellNodes(nodesNamed(hostile), { gap: true });
  for (const view of views) {
    for (const at of view === "" ? hostile.keys() : [hostile.length - 1]) {
      await open(`node?selected=node_00000${at}${view}`);
      await watched.page.getByRole("complementary").getByText("SPIFFE id").waitFor();
      await expectHarmless();
    }
  }
});

test("hostile names are words in a crowd, in what the search offers, and in the palette", async () => {
  const { page } = watched;
  const names = Array.from({ length: 200 }, (_, at) => hostile[at % hostile.length] ?? "");
  await tellNodes(nodesNamed(names));
  for (const view of ["", "?group=project"]) {
    await open(`node${view}`);
    await page.getByRole("group", { name: /^Map of 200 nodes/ }).waitFor();
    await page.locator("[data-node],[data-cluster]").first().waitFor();
    await expectHarmless();
  }
  await page.keyboard.press("/");
  await page.keyboard.type("project:");
  await page.getByRole("option").first().waitFor();
  await expectHarmless();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run" }).waitFor();
  await page.keyboard.type("emoji");
  await page.getByRole("dialog").getByRole("option").first().waitFor();
  await expectHarmless();
});

/** Nothing ran, nothing is wider than the window, and no policy had to stop anything. */
async function expectHarmless(): Promise<void> {
  const { page, complaints } = watched;
  expect(await page.title()).toBe("Map · Foedus");
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wider).toBeLessThanOrEqual(0);
  expect((await notedInside(page)).violations).toEqual([]);
  expect(complaints).toEqual([]);
}

test("what is missing is told as missing", async () => {
  const { page } = watched;
  await tellNodes(nodesNamed(["one"]), { gap: true });
  await open("node");
  await page.getByText("Gap: 6 changes (3 to 8) were not told").waitFor();
  await page.getByRole("button", { name: "I have read this" }).click();
  await page.getByText("Gap: 6 changes").waitFor({ state: "hidden" });
});

test("what was never measured is unknown, not zero", async () => {
  const { page } = watched;
  await tellNodes(nodesNamed(["one"]));
  await open("node?selected=node_000000");
  const panel = page.getByRole("complementary");
  await panel.getByText("Round trip").waitFor();
  const row = panel.locator("div", { has: page.getByText("Round trip", { exact: true }) }).last();
  expect(await row.textContent()).toContain("unknown");
});

const crowds = [
  [50, "light"],
  [200, "light"],
  [1_000, "light"],
  [1_000, "dark"],
] as const;

test.each(crowds)(
  "%i nodes can be seen, found and opened in %s",
  async (count, scheme) => {
    const beside = await watched.beside(scheme);
    const { page } = beside;
    const names = Array.from({ length: count }, (_, at) => `node-${at}`);
    await tellNodes(nodesNamed(names), { page });
    await beside.open("node");
    const map = page.getByRole("group", { name: `Map of ${count} nodes` });
    await map.locator("[data-node],[data-cluster]").first().waitFor();
    await expect.poll(() => coloursOf(map)).toBeGreaterThan(100);
    expect(await map.locator("[data-node]").count()).toBeLessThanOrEqual(150);
    // Two hundred are clusters as a thousand are.
    if (count !== 200) expect(await offencesOn(page)).toEqual([]);
    await page.keyboard.press("/");
    await page.keyboard.type(`node-${count - 1}`);
    await page.getByText(`Showing 1 of ${count.toLocaleString("en-US")}`).waitFor();
    await page.locator("[data-node]").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: `Node node-${count - 1}` }).waitFor();
  },
  60_000,
);

test("the keyboard stays on the map while clusters open and fall apart", async () => {
  const { page } = watched;
  await tellNodes(nodesNamed(Array.from({ length: 1_000 }, (_, at) => `node-${at}`)));
  await open("node");
  await page.locator("[data-cluster]").first().focus();
  const marks = page.locator("[data-node]:focus,[data-cluster]:focus");
  const level = () => page.locator("[data-level]").getAttribute("data-level");
  await expect
    .poll(async () => {
      if ((await level()) === "cluster") await page.keyboard.press("Enter");
      return await level();
    })
    .not.toBe("cluster");
  await marks.waitFor();
  const before = await marks.getAttribute("data-node");
  await expect
    .poll(async () => {
      for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
      return await marks.getAttribute("data-node");
    })
    .not.toBe(before);
  await page.keyboard.press("0");
  await page.locator('[data-level="cluster"]').waitFor();
  await marks.waitFor();
});

test("a thousand nodes fill the table as far as somebody asks for it", async () => {
  const { page } = watched;
  await tellNodes(nodesNamed(Array.from({ length: 1_000 }, (_, at) => `node-${at}`)));
  await open("node?view=table");
  const rows = page.getByRole("region", { name: "Nodes" }).getByRole("row");
  await page.getByText("Showing 200 of 1,000").waitFor();
  expect(await rows.count()).toBe(201);
  await page.getByRole("button", { name: "Show 200 more" }).click();
  await expect.poll(() => rows.count()).toBe(401);
});

test("a long list comes page by page, and says how much of it is here", async () => {
  const { page } = watched;
  const rules = Array.from({ length: 100 }, (_, at) => ({
    id: `rule_${at}`,
    kind: RuleKind.BLOCK,
    name: `test-${at}`,
    reason: "not on this hub",
  }));
  const method = "foedus.access.v1.AccessService/ListRules";
  await answer(page, method, ListRulesResponseSchema, { rules, nextPageToken: "more" });
  await open("access");
  await page.getByText("Showing the first 100").first().waitFor();
  const list = page.getByRole("region", { name: "Block list, oldest first" });
  expect(await list.getByRole("row").count()).toBe(101);
});

test("ten thousand events are in the log, and only those in sight are drawn", async () => {
  const { page } = watched;
  const payload = toBinary(TelemetrySyncSchema, create(TelemetrySyncSchema, { sanitized: true }));
  const event = toBinary(EventSchema, create(EventSchema, { type: "telemetry_sync", payload }));
  const events = Array.from({ length: 12_000 }, (_, at) => ({ cursor: BigInt(at + 1), event }));
  await stream(watched.page, "foedus.event.v1.EventService/Subscribe", SubscribeResponseSchema, [
    { item: { case: "delivery", value: { events, cursor: 12_000n } } },
    { item: { case: "head", value: { cursor: 12_000n } } },
  ]);
  await open("event");
  await page.getByText("10,000 rows, the newest 10,000").waitFor();
  expect(await page.locator("[data-row]").count()).toBeLessThan(100);
  const log = page.getByRole("table", { name: "Event log" });
  await log.evaluate((table) => table.scrollTo({ top: table.scrollHeight }));
  await page.getByRole("button", { name: "Event 2001", exact: true }).waitFor();
});
