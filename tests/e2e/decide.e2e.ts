import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("decide");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
}, groundMs);

afterAll(() => ground?.stop());

const panel = () => watched.page.getByRole("complementary");
const dialog = () => watched.page.getByRole("dialog");

async function open(name: string): Promise<void> {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}node?view=table`);
  await page.getByRole("button", { name, exact: true }).click();
  await panel().getByText("What you can do").waitFor();
}

test("maintenance begins with a reason that everybody sees, and ends", async () => {
  await open("server");
  await panel().getByRole("button", { name: "Begin maintenance" }).click();
  await dialog().getByLabel("Why").fill("a new disk");
  await dialog().getByRole("button", { name: "Begin maintenance" }).click();
  await panel().getByText("Maintenance", { exact: true }).waitFor();
  await panel().getByText("a new disk").waitFor();
  await panel().getByRole("button", { name: "End maintenance" }).click();
  await dialog().getByRole("button", { name: "End maintenance" }).click();
  await panel().getByText("Online", { exact: true }).waitFor();
});

test("a node is revoked only by who types its name, and is out at once", async () => {
  await open("web");
  await panel().getByRole("button", { name: "Revoke" }).click();
  await dialog().getByLabel("Why").fill("its key was copied");
  const revoke = dialog().getByRole("button", { name: "Revoke" });
  expect(await revoke.getAttribute("aria-disabled")).toBe("true");
  await dialog().getByLabel("Type the node's name to confirm").fill("web");
  await revoke.click();
  await dialog().waitFor({ state: "hidden" });
  await panel().getByText("Retired", { exact: true }).waitFor();
  await watched.page.goto(`${ground.federation.webUrl}identity`);
  await watched.page.getByText("its key was copied").waitFor();
  await watched.page.getByText("Revoked", { exact: true }).waitFor();
});

test("a token's secret is shown once, with the command it is for, and can be taken back", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}identity`);
  await page.getByRole("button", { name: "New join token" }).click();
  await dialog().getByLabel("The only name it may take").fill("laptop");
  await dialog().getByRole("button", { name: "Make the token" }).click();
  await dialog()
    .getByText(/^npx foedus node join '?foedus:\/\/.* --data \.\/laptop$/)
    .waitFor();
  await dialog().getByText(/^fjt_/).waitFor();
  await dialog().getByText("Waiting for the node to join").waitFor();
  await dialog().getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByRole("row", { name: /laptop/ });
  await row.getByText("Open", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Cancel" }).click();
  await row.getByText("Cancelled", { exact: true }).waitFor();
});

test("what the schema does not allow is told before it is sent", async () => {
  const { page } = watched;
  await page.goto(`${ground.federation.webUrl}identity`);
  await page.getByRole("button", { name: "New join token" }).click();
  await dialog().getByLabel("The only name it may take").fill("No Such Name");
  await dialog().getByRole("button", { name: "Make the token" }).click();
  const field = dialog().getByLabel("The only name it may take");
  expect(await field.evaluate((input: HTMLInputElement) => input.validity.patternMismatch)).toBe(
    true,
  );
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
});

test("the pages broke no policy and threw nothing", () => {
  expect(watched.complaints).toEqual([]);
});
