// Asking the map: words, keys, the legend, groups, and what is told when a question means nothing.
import { type NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { WatchNodesResponseSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { beforeEach, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { focused } from "./browser.ts";
import { freshPage } from "./fresh.ts";
import { stream } from "./told.ts";

const watched = freshPage("query");

const states = [NodeState.ONLINE, NodeState.ONLINE, NodeState.OFFLINE, NodeState.RETIRED];
const environments = ["production", "staging", ""];
const count = 60;

beforeEach(async () => {
  const nodes = Array.from({ length: count }, (_, at): MessageInitShape<typeof NodeSchema> => ({
    id: `node_${at}`,
    name: `node-${at}`,
    state: states[at % states.length],
    spiffeId: `spiffe://foedus.test/node/${at}`,
    profile: { project: `project-${at % 20}`, environment: environments[at % 3] },
  }));
  const snapshot = { nodes, last: true, cursor: 9n };
  await stream(watched.page, "foedus.node.v1.NodeService/WatchNodes", WatchNodesResponseSchema, [
    { item: { case: "snapshot", value: snapshot } },
  ]);
});

async function open(search: string): Promise<void> {
  await watched.open(`node?view=table${search}`);
  await watched.page.getByText(/^(Showing|Found) \d+ of 60 nodes$/).waitFor();
}

const shows = (text: string) => watched.page.getByText(text, { exact: true }).waitFor();
const query = () => new URL(watched.page.url()).searchParams;
const box = () => watched.page.getByLabel("Find nodes");

test("the keyboard alone completes a key and its value, and the address holds the question", async () => {
  const { page } = watched;
  await open("");
  await page.keyboard.press("/");
  await page.keyboard.type("-env");
  for (const word of ["env:", "production"]) {
    await page.getByRole("option", { name: word }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  }
  await shows("Showing 30 of 60 nodes");
  expect(await box().inputValue()).toBe("-env:production ");
  expect(query().get("q")).toBe("-env:production");
  await page.keyboard.press("Escape");
  await shows("Showing 45 of 60 nodes");
  expect(await focused(page)).toBe("Find nodes");
});

test("a word that nobody knows hides nothing, and the nearest one is told", async () => {
  await open("&q=state:oflline");
  await shows("There is no state oflline; did you mean offline?");
  await shows("Showing 45 of 60 nodes");
  expect(await box().getAttribute("aria-invalid")).toBe("true");
});

test("the legend shows only these, or not these, and says so", async () => {
  const { page } = watched;
  await open("");
  const chip = page.getByRole("button", { name: "Offline 15", exact: true });
  await chip.click();
  await shows("Showing 15 of 60 nodes");
  expect(await chip.getAttribute("aria-pressed")).toBe("true");
  await chip.click({ modifiers: ["Alt"] });
  await shows("Showing 30 of 60 nodes");
  expect(query().get("state")).toBe("-offline");
  await page.getByRole("button", { name: "Not: Offline" }).press("Enter");
  await shows("Showing 45 of 60 nodes");
});

test("to find marks what matches, first, and keeps the rest", async () => {
  const { page } = watched;
  await open("&mode=find&q=name:node-58,node-57");
  await shows("Found 2 of 60 nodes");
  const rows = page.getByRole("region", { name: "Nodes" }).getByRole("row");
  expect(await rows.nth(1).textContent()).toContain("node-57found");
  expect(await rows.count()).toBe(46);
});

test("groups are counted, opened and asked for", async () => {
  const { page } = watched;
  await open("&group=project");
  const groups = page.getByRole("list", { name: "Groups by project" }).getByRole("listitem");
  expect(await groups.count()).toBe(13);
  await page.getByRole("button", { name: "and 3 more" }).click();
  await expect.poll(() => groups.count()).toBe(16);
  await page.getByRole("button", { name: "project-2 3", exact: true }).click();
  await shows("Showing 3 of 60 nodes");
  expect(query().get("q")).toBe("project:project-2");
  expect(await offencesOn(page)).toEqual([]);
});

test("an empty page says why, and one click ends it", async () => {
  const { page } = watched;
  await open("&q=node-59");
  await page.getByText("One node fits, but it is retired.").waitFor();
  await page.getByRole("button", { name: "Show 1 retired" }).click();
  await shows("Showing 1 of 60 nodes");
  await open("&q=nothing-is-called-so");
  await page.getByRole("button", { name: "Clear the search" }).last().click();
  await shows("Showing 45 of 60 nodes");
});

test("arrows go from row to row, Enter opens, Escape leads back", async () => {
  const { page } = watched;
  await open("&q=environment:staging");
  await page.locator("[data-node]").first().focus();
  await page.keyboard.press("End");
  const last = await focused(page);
  await page.keyboard.press("ArrowUp");
  expect(await focused(page)).not.toBe(last);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").getByText("SPIFFE id").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "hidden" });
});
