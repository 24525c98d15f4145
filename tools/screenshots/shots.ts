// Which pages are photographed, and when each is ready.
import type { Page } from "playwright-core";
import { fewest, type Scene } from "./scene.ts";

/** One picture of a page. */
export interface Shot {
  readonly name: string;
  readonly title: string;
  /** Where it is, after the hub's address. */
  path(scene: Scene): string;
  /** Resolves once everything is there that belongs on the picture. */
  ready(page: Page): Promise<unknown>;
  /** At which sizes; all unless told otherwise. */
  readonly only?: (nodes: number) => boolean;
  /** Whether nobody is signed in. */
  readonly stranger?: boolean;
}

const once = (nodes: number) => nodes === 50;
const twice = (nodes: number) => nodes === fewest || once(nodes);
const heading = (name: RegExp) => (page: Page) =>
  page.getByRole("heading", { level: 1, name }).first().waitFor();
const region = (name: RegExp | string) => (page: Page) =>
  page.getByRole("region", { name }).getByRole("row").nth(1).waitFor();

async function mapped(page: Page): Promise<void> {
  await page.getByRole("group", { name: /^Map of/ }).waitFor();
  await page.locator("[data-node],[data-cluster]").first().waitFor();
}

/** All of them, in the order of the gallery. */
export const shots: readonly Shot[] = [
  { name: "map", title: "The map", path: () => "node", ready: mapped },
  {
    name: "grouped",
    title: "The map, grouped by project",
    path: () => "node?group=project",
    ready: mapped,
  },
  {
    name: "trust",
    title: "The map, coloured by trust",
    path: () => "node?colour=trust",
    ready: mapped,
  },
  {
    name: "table",
    title: "The table",
    path: () => "node?view=table",
    ready: region("Nodes"),
  },
  {
    name: "node",
    title: "One node",
    path: ({ node }) => `node?selected=${node}`,
    async ready(page) {
      await mapped(page);
      await page.getByRole("complementary").getByText("SPIFFE id").waitFor();
    },
  },
  {
    name: "tie",
    title: "What ties two nodes",
    path: () => "node",
    only: (nodes) => nodes === fewest,
    async ready(page) {
      await mapped(page);
      await page
        .getByRole("group", { name: /^Map of/ })
        .getByRole("button", { name: /schema|package|api/i })
        .first()
        .click();
      await page.getByRole("complementary", { name: /^Tie/ }).waitFor();
    },
  },
  { name: "event", title: "The event log", path: () => "event", ready: openEvent },
  {
    name: "evidence",
    title: "The evidence for a figure",
    path: ({ node }) => `node?selected=${node}`,
    only: (nodes) => nodes === fewest,
    async ready(page) {
      await page.getByRole("link", { name: "Evidence for Lines" }).click();
      await page.getByText("Verified by this browser").waitFor();
    },
  },
  {
    name: "palette",
    title: "The command palette",
    path: () => "node",
    only: once,
    async ready(page) {
      await mapped(page);
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "access",
    title: "Who may join",
    path: () => "access",
    only: once,
    ready: (page) => page.getByRole("row", { name: /^laptop-of-mara/ }).waitFor(),
  },
  {
    name: "identity",
    title: "Identities and tokens",
    path: () => "identity",
    ready: region("Identities by node id"),
  },
  { name: "sync", title: "Sync", path: () => "sync?selected=notes", only: twice, ready: synced },
  {
    name: "conflict",
    title: "Writes that contradict each other",
    path: () => "sync?view=conflicts",
    only: twice,
    ready: (page) => page.getByRole("article").first().waitFor(),
  },
  {
    name: "task",
    title: "Queues and who works on them",
    path: () => "task",
    only: twice,
    ready: (page) => page.getByText("Nobody works").waitFor(),
  },
  {
    name: "queue",
    title: "One queue",
    path: () => "task?queue=report",
    only: once,
    ready: (page) => page.getByText("Priority 10", { exact: true }).waitFor(),
  },
  {
    name: "timeline",
    title: "One task",
    path: ({ task }) => `task?task=${task}`,
    only: once,
    ready: (page) => page.getByText("Attempt 2", { exact: true }).waitFor(),
  },
  { name: "link", title: "Links", path: () => "link", ready: region("Links of the nodes") },
  {
    name: "learning",
    title: "Trust",
    path: () => "learning",
    ready: region("Trust of each node"),
  },
  {
    name: "tenant",
    title: "Tenants",
    path: () => "tenant",
    only: once,
    ready: region("Tenants by name"),
  },
  { name: "person", title: "You", path: () => "person", only: once, ready: heading(/./) },
  {
    name: "hub",
    title: "The hub",
    path: () => "hub",
    only: once,
    ready: region("Config of the hub"),
  },
  { name: "parts", title: "The design", path: () => "parts", only: once, ready: heading(/./) },
  {
    name: "sign-in",
    title: "Without a session",
    path: () => "",
    only: once,
    stranger: true,
    ready: (page) => page.getByText("npx foedus person link").waitFor(),
  },
];

async function synced(page: Page): Promise<void> {
  const panel = page.getByRole("complementary", { name: "Stream notes" });
  await panel.getByText("Who follows it").waitFor();
}

async function openEvent(page: Page): Promise<void> {
  const log = page.getByRole("table", { name: "Event log" });
  await log.getByRole("button").nth(2).click();
  await page.getByText("Verified by this browser").waitFor();
}
