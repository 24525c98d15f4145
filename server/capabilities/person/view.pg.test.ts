import { randomUUID } from "node:crypto";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { callerOfSession, visitorAs } from "./person.ts";
import { viewsMax } from "./view.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub();
});
afterAll(() => local.stop());

/** Somebody of a tenant, spoken for by the hub itself. */
function as(name: string, role = Role.MEMBER, tenant = "main") {
  const person = { ...visitorAs(name, role), id: name };
  return local.hub.calls.as(PersonService, callerOfSession(tenantProved(tenant), person, "ses"));
}

const wish = (name: string, shared = false) => ({
  requestId: randomUUID(),
  name,
  path: "/node?state=offline",
  shared,
});

async function namesOf(client: ReturnType<typeof as>): Promise<string[]> {
  return (await client.listViews({})).views.map((view) => view.name);
}

const refused = (reason: Reason) => expect.objectContaining({ reason }) as unknown;

test("a view follows its person, and a shared one everybody of the tenant", async () => {
  const ada = as("ada");
  const { view } = await ada.saveView(wish("mine"));
  await ada.saveView(wish("ours", true));
  expect(view).toMatchObject({ name: "mine", path: "/node?state=offline", personId: "ada" });
  expect(await namesOf(ada)).toEqual(["mine", "ours"]);
  expect(await namesOf(as("bob", Role.OBSERVER))).toEqual(["ours"]);
  expect(await namesOf(as("ada", Role.ADMIN, "elsewhere"))).toEqual([]);
});

test("a view is changed under its id and keeps its age; the same request is one effect", async () => {
  const cleo = as("cleo");
  const first = wish("first");
  const { view } = await cleo.saveView(first);
  expect((await cleo.saveView(first)).view?.id).toBe(view?.id);
  const viewId = view?.id ?? "";
  const change = { ...wish("second", true), viewId, path: "/event?type=telemetry_sync" };
  const changed = await cleo.saveView(change);
  expect(changed.view).toMatchObject({ id: viewId, name: "second", shared: true });
  expect(changed.view?.createTime).toEqual(view?.createTime);
  expect(await namesOf(as("dora"))).toContain("second");
});

test("of two views of one name at once, one is kept; another person may call theirs so", async () => {
  const eve = as("eve");
  const tries = await Promise.allSettled([eve.saveView(wish("same")), eve.saveView(wish("same"))]);
  const lost = tries.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  expect(lost).toEqual([refused(Reason.VIEW_NAME_TAKEN)]);
  expect((await as("frank").saveView(wish("same"))).view?.name).toBe("same");
});

test("nobody touches another's view, and of a private one nobody learns", async () => {
  const gail = as("gail");
  const { view: own } = await gail.saveView(wish("secret"));
  const { view: ours } = await gail.saveView(wish("gail's, for all", true));
  const admin = as("root", Role.ADMIN);
  const remove = (client: typeof gail, viewId = "") =>
    client.removeView({ requestId: randomUUID(), viewId });
  await expect(remove(admin, own?.id)).rejects.toEqual(refused(Reason.NOT_FOUND));
  await expect(remove(as("hugo"), ours?.id)).rejects.toEqual(refused(Reason.NOT_YOURS));
  const takeOver = as("hugo").saveView({ ...wish("x"), viewId: ours?.id ?? "" });
  await expect(takeOver).rejects.toEqual(refused(Reason.NOT_YOURS));
  const walled = remove(as("gail", Role.ADMIN, "elsewhere"), ours?.id);
  await expect(walled).rejects.toEqual(refused(Reason.NOT_FOUND));
  expect((await remove(admin, ours?.id)).view?.name).toBe("gail's, for all");
  await remove(gail, own?.id);
  expect(await namesOf(gail)).not.toContain("secret");
});

test("an observer saves for themselves and is told what sharing needs", async () => {
  const watcher = as("watcher", Role.OBSERVER);
  await watcher.saveView(wish("for me"));
  await expect(watcher.saveView(wish("for all", true))).rejects.toEqual(
    refused(Reason.NOT_ALLOWED),
  );
});

test("a full list takes no more, is read page by page, and has room after a removal", async () => {
  const zoe = as("zoe", Role.MEMBER, "zoo");
  for (let i = 0; i < viewsMax; i += 1) await zoe.saveView(wish(`view ${i}`));
  await expect(zoe.saveView(wish("one more"))).rejects.toEqual(refused(Reason.VIEWS_FULL));
  const first = await zoe.listViews({ page: { size: 60 } });
  const rest = await zoe.listViews({ page: { size: 60, token: first.nextPageToken } });
  expect([first.views.length, rest.views.length, rest.nextPageToken]).toEqual([60, 40, ""]);
  const [oldest] = first.views;
  // A change is not one more.
  await zoe.saveView({ ...wish("renamed"), viewId: oldest?.id ?? "" });
  await zoe.removeView({ requestId: randomUUID(), viewId: oldest?.id ?? "" });
  expect((await zoe.saveView(wish("one more"))).view?.name).toBe("one more");
});
