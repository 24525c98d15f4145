// Who may join, decided on the page about newcomers that really wait.
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { type Joiner, startJoiner } from "./joiner.ts";

let ground: Ground;
let watched: Watched;
let dark: Watched;

beforeAll(async () => {
  ground = await startGround("access");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
  dark = await ground.openBeside(watched, "dark");
}, groundMs);

afterAll(() => ground?.stop());

const dialog = () => watched.page.getByRole("dialog");
const newcomer = (name: string) => watched.page.getByRole("row", { name: new RegExp(`^${name} `) });

async function open(path: string): Promise<void> {
  await watched.page.goto(ground.federation.webUrl + path);
}

async function ask(name: string): Promise<Joiner> {
  const { status } = await ground.federation.session().as(HubService).getStatus({});
  return await startJoiner(status?.invitation ?? "", name);
}

test("another mode is asked about first, and then holds, with its reason", async () => {
  const { page } = watched;
  await open("access");
  await page.getByRole("button", { name: /^Approval in force/ }).waitFor();
  for (const mode of ["Open", "Approval"]) {
    const choice = page.getByRole("button", { name: new RegExp(`^${mode}`) });
    await choice.click();
    expect(await choice.getAttribute("aria-pressed")).toBe("false");
    await dialog().getByLabel("Why").fill(`${mode} suits us today`);
    await dialog()
      .getByRole("button", { name: `Change to ${mode}` })
      .click();
    await dialog().waitFor({ state: "hidden" });
    await page.getByRole("button", { name: new RegExp(`^${mode} in force`) }).waitFor();
    await page.getByText(`“${mode} suits us today”`).waitFor();
  }
  await page.getByText("Nobody waits").waitFor();
});

test("a newcomer appears by itself with the fingerprint its own screen shows", async () => {
  const { page } = watched;
  const { ended, fingerprint } = await ask("laptop");
  await newcomer("laptop").waitFor();
  const groups = fingerprint.replaceAll("-", " ");
  await newcomer("laptop")
    .getByRole("img", { name: `Fingerprint ${groups}` })
    .waitFor();
  await page.getByRole("link", { name: /Access 1 newcomer waits/ }).waitFor();
  for (const { page: shown } of [watched, dark]) {
    await shown.goto(`${ground.federation.webUrl}access`);
    await shown.getByRole("img", { name: `Fingerprint ${groups}` }).waitFor();
    expect(await offencesOn(shown)).toEqual([]);
  }
  await newcomer("laptop").getByRole("button", { name: "Approve" }).click();
  const approve = dialog().getByRole("button", { name: "Approve" });
  expect(await approve.getAttribute("aria-disabled")).toBe("true");
  await dialog().getByLabel("I compared it").check();
  await dialog().getByLabel("Its role").selectOption("observer");
  expect(await offencesOn(page)).toEqual([]);
  await approve.click();
  await dialog().waitFor({ state: "hidden" });
  expect(await ended).toContain("Joined as laptop");
  await page.getByRole("button", { name: "Decided" }).click();
  await newcomer("laptop").getByText("Joined", { exact: true }).waitFor();
  await newcomer("laptop").getByText("as observer").waitFor();
});

test("who is denied hears why, and a blocked key stays out until it is taken off", async () => {
  const { page } = watched;
  await open("access");
  const { ended, fingerprint } = await ask("stranger");
  await newcomer("stranger").getByRole("button", { name: "Deny" }).click();
  await dialog().getByLabel("Why").fill("nobody knows this machine");
  await dialog().getByLabel("Put its key on the block list").check();
  await dialog().getByRole("button", { name: "Deny" }).click();
  expect(await ended).toContain("nobody knows this machine");
  const blocked = page.getByRole("region", { name: "Block list, oldest first" });
  const line = blocked.getByRole("img", {
    name: `Fingerprint ${fingerprint.replaceAll("-", " ")}`,
  });
  await line.waitFor();
  await blocked.getByRole("button", { name: "Remove" }).click();
  await page.getByText("Nobody is on the block list").waitFor();
});

test("a list takes names with a reason, refuses what is no name, and is emptied", async () => {
  const { page } = watched;
  await open("access");
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await dialog().getByLabel(/^Name/).fill("No Such Name");
  await dialog().getByLabel("Why").fill("the edge fleet");
  await dialog().getByRole("button", { name: "Allow", exact: true }).click();
  await dialog().getByLabel(/^Name/).fill("edge-*");
  await dialog().getByRole("button", { name: "Allow", exact: true }).click();
  const allowed = page.getByRole("region", { name: "Allow list, oldest first" });
  await allowed.getByText("edge-*").waitFor();
  await allowed.getByText("the edge fleet").waitFor();
  await page.getByRole("button", { name: "Empty the list" }).click();
  await dialog().getByLabel("Why").fill("it has joined");
  await dialog().getByRole("button", { name: "Empty the list" }).click();
  await page.getByText("Nobody is on the allow list").waitFor();
});

test("a node in quarantine is out at once, says why, and returns when it is released", async () => {
  const { page } = watched;
  await open("node?view=table");
  await page.getByRole("button", { name: "web", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "Node web" });
  await panel.getByRole("button", { name: "Quarantine" }).click();
  await dialog().getByLabel("Why").fill("it told two truths");
  await dialog().getByRole("button", { name: "Quarantine" }).click();
  await panel.getByText(/In quarantine for/).waitFor();
  await page.getByRole("button", { name: /^Offline 1$/ }).waitFor();
  await open("access");
  const held = page.getByRole("region", { name: "Nodes in quarantine" });
  await held.getByText("it told two truths").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await open("identity");
  const identity = page.getByRole("row", { name: /^In quarantine web / });
  await identity.getByText("it told two truths").waitFor();
  await open("access");
  await held.getByRole("button", { name: "Release" }).click();
  await dialog().getByLabel("Why").fill("it was a misreading");
  await dialog().getByRole("button", { name: "Release" }).click();
  await page.getByText("Nobody is in quarantine").waitFor();
  // A node that was refused asks again once a minute; one that starts asks at once.
  await ground.federation.killInstance("web");
  await ground.federation.startInstance("web");
  await open("node?view=table");
  await page
    .getByRole("row", { name: /^web / })
    .getByText(/Online|Degraded/)
    .waitFor({ timeout: 100_000 });
});

test("a role is changed from the panel", async () => {
  const { page } = watched;
  await open("node?view=table");
  await page.getByRole("button", { name: "server", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "Node server" });
  await panel.getByRole("button", { name: "Change role" }).click();
  await dialog().getByLabel("Its role").selectOption("observer");
  await dialog().getByRole("button", { name: "Change the role" }).click();
  await dialog().waitFor({ state: "hidden" });
  await panel.getByText("observer", { exact: true }).waitFor();
});

test("the pages broke no policy and threw nothing", () => {
  expect([...watched.complaints, ...dark.complaints]).toEqual([]);
});
