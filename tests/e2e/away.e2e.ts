import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("away");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

test("what is told now appears at the top of the log, signed", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}event`);
  const newest = page.getByRole("table", { name: "Event log" }).getByRole("button").first();
  await newest.waitFor();
  const before = await newest.textContent();
  await expect.poll(() => newest.textContent()).not.toBe(before);
  await page.getByRole("table").getByText("telemetry_sync").first().waitFor();
  await newest.click();
  const panel = page.getByRole("complementary", { name: /^Event \d+$/ });
  await panel.getByText("Verified by the hub").waitFor();
  await panel.getByText("Verified by this browser").waitFor();
});

test("a paused log stands still, counts who waits, and goes on", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}event`);
  const newest = page.getByRole("table").getByRole("button").first();
  await newest.waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await newest.textContent();
  await page.getByRole("button", { name: /Continue, [1-9]\d* waiting/ }).waitFor();
  expect(await newest.textContent()).toBe(before);
  await page.getByRole("button", { name: /^Continue/ }).click();
  await expect.poll(() => newest.textContent()).not.toBe(before);
});

test("a hub that is killed is told as such, and the page comes back by itself", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}node`);
  await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  await ground.federation.killHub();
  await page.getByText("Reconnecting to the hub").waitFor();
  // What was known stays in sight, and says that it is of then.
  await page.getByText("what you see is as of then").waitFor();
  await page.getByRole("button", { name: /^server/ }).waitFor();
  await ground.federation.restartHub();
  await page.getByText("Reconnecting to the hub").waitFor({ state: "hidden" });
  await page.getByText("Live", { exact: true }).first().waitFor();
});

test("a session that lapses leads to the way in, and from there back", async () => {
  const { page, context } = watched;
  await page.goto(`${ground.federation.webUrl}person`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByText(/\/signin#code=/).textContent();
  await page.goto(`${ground.federation.webUrl}identity`);
  await page.getByRole("heading", { name: "Identities", level: 1 }).waitFor();
  await context.clearCookies();
  // The next question finds nobody signed in: that of the next page, or one of this page before.
  for (const key of ["g", "a"]) await page.keyboard.press(key);
  await page.getByText("npx foedus person link").waitFor();
  expect(await page.getByRole("table").count()).toBe(0);
  await page.goto(link ?? "");
  await page.getByRole("heading", { name: /^(Identities|Access)$/, level: 1 }).waitFor();
});

test("a link that was used says why it does not work any more", async () => {
  const { page } = await openPage(ground.browser);
  await page.goto(ground.federation.signInLink);
  await page.getByRole("alert").waitFor();
  await page.getByText("npx foedus person link").first().waitFor();
});

test.each(["node", "event"])("a session that ends elsewhere ends /%s as well", async (path) => {
  const one = await openPage(ground.browser);
  await one.page.goto(await ground.federation.session().link());
  await one.page.getByRole("group", { name: /^Map of 3/ }).waitFor();
  const { page } = await ground.openBeside(one);
  await page.goto(ground.federation.webUrl + path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await one.page.goto(`${ground.federation.webUrl}person`);
  await one.page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("npx foedus person link").waitFor();
  for (const name of ["server", "telemetry_sync"]) {
    expect(await page.getByText(name, { exact: true }).count()).toBe(0);
  }
});

test("signing out leaves no data behind", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}person`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("npx foedus person link").waitFor();
  await page.goto(`${ground.federation.webUrl}node`);
  await page.getByText("npx foedus person link").waitFor();
  expect(await page.getByRole("group", { name: /^Map/ }).count()).toBe(0);
});

test("the page broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
