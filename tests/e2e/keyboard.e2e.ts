// What is decided without a mouse, and what somebody of a lesser role is told instead.
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { focused, openPage, type Scheme, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { startJoiner } from "./joiner.ts";
import { answer } from "./told.ts";

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("keyboard");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

const stopsMax = 80;
const dialog = () => watched.page.getByRole("dialog");

async function open(path: string): Promise<void> {
  await watched.page.goto(ground.federation.webUrl + path);
}

/** Goes on from stop to stop, as who has no mouse, until one is called that. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  while (passed.length < stopsMax) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (name.test(stop)) return;
    passed.push(stop);
  }
  throw new Error(`no stop is called ${name}, only ${passed.join(" | ")}`);
}

test("a newcomer is compared, given a role and approved", async () => {
  const { page } = watched;
  await open("access");
  const { status } = await ground.federation.session().as(HubService).getStatus({});
  const { ended } = await startJoiner(status?.invitation ?? "", "desk");
  await page.getByRole("row", { name: /^desk / }).waitFor();
  await tabTo(page, /^Approve$/);
  await page.keyboard.press("Enter");
  await dialog().waitFor();
  await tabTo(page, /^I compared it/);
  await page.keyboard.press("Space");
  await tabTo(page, /^Its role/);
  await page.keyboard.type("observer");
  await tabTo(page, /^Approve$/);
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "hidden" });
  expect(await ended).toContain("Joined as desk");
});

test("a node is found, opened, believed, put into maintenance and taken out of it", async () => {
  const { page } = watched;
  await open("node");
  await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("server");
  await page.getByText(/^Showing 1 of/).waitFor();
  await page.keyboard.press("Escape");
  await tabTo(page, /^server.*Online/);
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Node server" });
  await panel.getByRole("link", { name: "Evidence for Lines" }).waitFor();
  await tabTo(page, /^Evidence for Lines/);
  await page.keyboard.press("Enter");
  await dialog().getByText("Verified by this browser").waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
  await tabTo(page, /^Begin maintenance$/);
  await page.keyboard.press("Enter");
  await dialog().waitFor();
  await tabTo(page, /^Why/);
  await page.keyboard.type("its disks are replaced");
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "hidden" });
  await panel.getByText("its disks are replaced").first().waitFor();
  await tabTo(page, /^End maintenance$/);
  await page.keyboard.press("Enter");
  await dialog().waitFor();
  await tabTo(page, /^End maintenance$/);
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "hidden" });
  await panel.getByText("Online", { exact: true }).first().waitFor();
});

test("the map is grouped, and becomes a table", async () => {
  const { page } = watched;
  await open("node");
  await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  await tabTo(page, /^Group by/);
  await page.keyboard.type("By project");
  await expect.poll(() => page.url()).toContain("group=project");
  await open(new URL(page.url()).pathname.slice(1) + new URL(page.url()).search);
  await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  await tabTo(page, /^Table$/);
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Nodes" }).getByRole("row").nth(1).waitFor();
  await expect.poll(() => page.url()).toContain("view=table");
});

test("the mode is changed with a reason, and a dialog is left by Escape", async () => {
  const { page } = watched;
  await open("access");
  await page.getByRole("button", { name: /^Approval in force/ }).waitFor();
  await tabTo(page, /^Invite/);
  await page.keyboard.press("Enter");
  await dialog().waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
  expect(await focused(page)).toMatch(/^Invite/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Why/);
  await page.keyboard.type("the fleet is whole");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Invite in force/ }).waitFor();
  await page.getByText("“the fleet is whole”").waitFor();
});

test("a cycle is run, a score opened, and its evidence read", async () => {
  const { page } = watched;
  await open("learning");
  await page.getByRole("button", { name: "Resync" }).waitFor();
  await tabTo(page, /^Resync$/);
  await page.keyboard.press("Enter");
  await page.getByText(/^Done in/).waitFor();
  await page.getByRole("link", { name: /evidence for the median$/ }).waitFor();
  await tabTo(page, /evidence for the median$/);
  await page.keyboard.press("Enter");
  const evidence = page.getByRole("dialog", { name: /^Evidence: event \d+$/ });
  await evidence.getByText("trust_aggregate").first().waitFor();
  await evidence.getByText("Verified by this browser").waitFor();
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "server", exact: true }).first().waitFor();
  await tabTo(page, /^server$/);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: /^Why server / }).waitFor();
});

const schemes: readonly Scheme[] = ["light", "dark"];

test.each(schemes)(
  "in %s, an observer is told why, and nothing is hidden",
  async (scheme) => {
    const { page, complaints } = await ground.openBeside(watched, scheme);
    const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
    const session = { person, tenant: "main", trustDomain: "foedus.test" };
    const method = "foedus.person.v1.PersonService/GetSession";
    await answer(page, method, GetSessionResponseSchema, session);
    const why = "This needs the role admin; you are an observer. Ask an admin.";

    await page.goto(`${ground.federation.webUrl}access`);
    // The mode, the newcomers and both lists.
    const told = page.getByText(why).filter({ visible: true });
    await expect.poll(() => told.count()).toBe(4);
    const open = page.getByRole("button", { name: /^Open/ });
    expect(await open.getAttribute("aria-disabled")).toBe("true");
    expect(await offencesOn(page)).toEqual([]);

    await page.goto(`${ground.federation.webUrl}learning`);
    await page.getByRole("button", { name: "Resync" }).waitFor();
    await tabTo(page, /^Resync$/);
    await page
      .getByRole("tooltip")
      .getByText(/you are an observer/)
      .waitFor();
    await page.keyboard.press("Enter");
    expect(await page.getByText("Running a cycle").count()).toBe(0);
    expect(await offencesOn(page)).toEqual([]);
    await tabTo(page, /./);
    await page.getByRole("tooltip").waitFor({ state: "hidden" });

    await page.goto(`${ground.federation.webUrl}node`);
    await page.getByRole("button", { name: /^server/ }).click();
    const panel = page.getByRole("complementary", { name: "Node server" });
    await panel.getByText("What you can do").waitFor();
    await panel.getByRole("button", { name: "Revoke" }).waitFor();
    await panel
      .getByText(/you are an observer/)
      .filter({ visible: true })
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  },
  60_000,
);

test("the pages broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
