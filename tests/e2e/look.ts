// Every page as it looks in one scheme: usable by everybody, and not blank.
import { randomUUID } from "node:crypto";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offencesOn } from "./accessible.ts";
import { coloursOf, openPage, type Scheme, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";

/** Each page by what is there once it has its answer. */
const pages = [
  ["node", "button", /^server/],
  ["node?view=table", "region", "Nodes"],
  ["event", "table", "Event log"],
  ["identity", "region", "Identities by node id"],
  ["access", "heading", "In quarantine"],
  ["link", "region", "Links of the nodes"],
  ["learning", "region", "Trust of each node"],
  ["sync", "heading", "Nothing is synced yet"],
  ["sync?view=conflicts", "heading", "No field is in conflict"],
  ["sync?view=rules", "heading", "Grants"],
  ["task", "heading", "Nobody has asked for work yet"],
  ["task?view=tasks", "heading", "No tasks yet"],
  ["task?view=workers", "heading", "Nobody works here now"],
  ["task?view=schedules", "heading", "Nothing comes back by itself yet"],
  ["tenant", "region", "Tenants by name"],
  ["person", "heading", "Who you are here"],
  ["hub", "region", "Config of the hub"],
] as const;

/** What a journey that looks at pages starts from. */
export interface Looking {
  readonly ground: Ground;
  readonly watched: Watched;
}

/** Registers the looks at every page in one scheme; a file for each, so that none takes long. */
export function looksIn(scheme: Scheme): () => Looking {
  let ground: Ground;
  let watched: Watched;

  beforeAll(async () => {
    ground = await startGround(`look-${scheme}`);
    watched = await openPage(ground.browser, scheme);
    await ground.signIn(watched);
    await ground.federation.session().as(LearningService).runCycle({ requestId: randomUUID() });
  }, groundMs);

  afterAll(() => ground?.stop());

  test.each(pages)("/%s can be used by everybody", async (path, role, name) => {
    const { page } = watched;
    await page.goto(ground.federation.webUrl + path);
    await page.getByRole(role, { name }).first().waitFor();
    expect(await offencesOn(page)).toEqual([]);
    expect(await coloursOf(page.locator("#main"))).toBeGreaterThan(100);
  });

  test("a node's panel and its evidence can be used by everybody", async () => {
    const { page } = watched;
    await page.goto(`${ground.federation.webUrl}node`);
    await page.getByRole("button", { name: /^server/ }).click();
    await page.getByRole("link", { name: "Evidence for Lines" }).waitFor();
    expect(await offencesOn(page)).toEqual([]);
    await page.getByRole("link", { name: "Evidence for Lines" }).click();
    await page.getByText("Verified by this browser").waitFor();
    expect(await offencesOn(page)).toEqual([]);
  });

  test("the sign-in page can be used by everybody", async () => {
    const { page } = await openPage(ground.browser, scheme);
    await page.goto(ground.federation.webUrl);
    await page.getByText("npx foedus person link").waitFor();
    expect(await offencesOn(page)).toEqual([]);
  });

  test("the pages broke no policy and threw nothing", () => {
    expect(watched.complaints).toEqual([]);
  });

  return () => ({ ground, watched });
}
