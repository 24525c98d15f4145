// What a role may not do: in sight, reachable by keyboard, explained, and without effect.
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { answer } from "./told.ts";

const admin = /needs the role admin; you are an observer\. Ask an admin/u;
const member = /needs the role (?:member|admin); you are an observer\. Ask an admin/u;
const operator = /needs an operator of the hub/u;

/** Each page with what can be done there by others. */
const pages = [
  ["access", [/^Open/u, /^Invite/u, /^Block$/u, /^Allow$/u], admin],
  ["identity", [/^New join token$/u, /^Revoke$/u], admin],
  ["learning", [/^Resync$/u], member],
  ["sync?view=rules", [/^Declare a collection$/u, /^Grant to a node$/u], admin],
  ["task?view=schedules", [/^Submit a task$/u, /^New schedule$/u], member],
  ["tenant", [/^Provision a tenant$/u], operator],
  ["hub", [/^Check again$/u], /needs/u],
] as const;

let ground: Ground;
let watched: Watched;

beforeAll(async () => {
  ground = await startGround("observer");
  const owner = await openPage(ground.browser);
  await ground.signIn(owner);
  watched = await ground.openBeside(owner);
  const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
  await answer(
    watched.page,
    "foedus.person.v1.PersonService/GetSession",
    GetSessionResponseSchema,
    { person, tenant: "main", trustDomain: "foedus.test" },
  );
}, groundMs);

afterAll(() => ground?.stop());

test.each(pages)("on /%s an observer sees all that others can do, and why not", async (...of) => {
  const [path, names, why] = of;
  const { page } = watched;
  await page.goto(ground.federation.webUrl + path);
  for (const name of names) {
    const button = page.locator("#main").getByRole("button", { name }).first();
    await button.waitFor();
    expect([String(name), await explained(button)]).toEqual([String(name), "yes"]);
    expect(await told(button)).toMatch(why);
  }
});

/** Off for assistive technology, yet in reach of the keyboard, and pressing it opens nothing. */
async function explained(button: Locator): Promise<string> {
  if ((await button.getAttribute("aria-disabled")) !== "true") return "it is not off";
  await button.focus();
  const page = button.page();
  const focused = await button.evaluate((element) => element === document.activeElement);
  if (!focused) return "the keyboard does not reach it";
  await page.getByRole("tooltip").filter({ visible: true }).first().waitFor();
  await page.keyboard.press("Enter");
  return (await page.getByRole("dialog").count()) === 0 ? "yes" : "it opened something";
}

/** What a screen reader says after its name. */
async function told(button: Locator): Promise<string> {
  return await button.evaluate((element) => {
    const id = element.getAttribute("aria-describedby") ?? "";
    return document.getElementById(id)?.textContent ?? "";
  });
}
