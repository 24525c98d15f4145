// Another party on the same hub: provisioned, signed in behind its own wall, suspended, resumed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

let ground: Ground;
let operator: Watched;
let guest: Watched;

beforeAll(async () => {
  ground = await startGround("tenant");
  operator = await openPage(ground.browser);
  guest = await openPage(ground.browser);
  await ground.signIn(operator);
}, groundMs);

afterAll(() => ground?.stop());

const dialog = () => operator.page.getByRole("dialog");
const party = (name: string) => operator.page.getByRole("row", { name: new RegExp(`^${name} `) });

test("a new tenant's first admin signs in by a link that is shown once", async () => {
  const { page } = operator;
  await page.goto(`${ground.federation.webUrl}tenant`);
  await page.getByRole("button", { name: "Provision a tenant" }).click();
  await dialog().getByLabel("Name").fill("acme");
  await dialog().getByLabel("How people call it").fill("Acme & Sons");
  await dialog().getByRole("button", { name: "Provision", exact: true }).click();
  const link = await dialog().locator("code").first().textContent();
  expect(await offencesOn(page)).toEqual([]);
  await dialog().getByRole("button", { name: "Done" }).click();
  await party("Acme & Sons").getByText("Active").waitFor();
  await guest.page.goto(link ?? "");
  await guest.page.getByRole("heading", { name: "No node has joined this hub yet" }).waitFor();
  await guest.page.getByText(/^acme · /).waitFor();
});

test("another tenant's admin is told whom the page is for, and sees no other party", async () => {
  await guest.page.goto(`${ground.federation.webUrl}tenant`);
  await guest.page.getByRole("heading", { name: "For operators of the hub" }).waitFor();
  expect(await guest.page.getByRole("table").count()).toBe(0);
  expect(await offencesOn(guest.page)).toEqual([]);
});

test("a suspended tenant is told why at once, and is served again when resumed", async () => {
  const { page } = operator;
  await party("Acme & Sons").getByRole("button", { name: "Suspend" }).click();
  await dialog().getByLabel("Why").fill("the contract ended");
  await dialog().getByRole("button", { name: "Suspend", exact: true }).click();
  await party("Acme & Sons").getByText("Suspended").waitFor();
  await party("Acme & Sons").getByText("the contract ended").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await guest.page.goto(`${ground.federation.webUrl}node`);
  await guest.page.getByText("tenant acme is suspended: the contract ended").waitFor();
  await party("Acme & Sons").getByRole("button", { name: "Serve again" }).click();
  await dialog().getByRole("button", { name: "Serve it again" }).click();
  await party("Acme & Sons").getByText("Active").waitFor();
  await guest.page.reload();
  await guest.page.getByText(/^acme · /).waitFor();
});

test("the operators' own tenant says why it cannot be suspended", async () => {
  const suspend = party("main").getByRole("button", { name: "Suspend" });
  expect(await suspend.getAttribute("aria-disabled")).toBe("true");
  await suspend.focus();
  await operator.page.getByRole("tooltip", { name: /always served/ }).waitFor();
});

test("nothing was complained of", () => {
  expect([...operator.complaints, ...guest.complaints]).toEqual([]);
});
