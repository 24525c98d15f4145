import { existsSync } from "node:fs";
import { join } from "node:path";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { parseInvitation, formatInvitation } from "@foedus/kernel/invitation.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestHub } from "../../tests/support/federated.ts";
import { startTestHub, worldOff } from "../../tests/support/federated.ts";
import { slowTimes } from "../../tests/support/until.ts";
import { joinHub } from "./join.ts";
import { openNode } from "./open.ts";
import { folderStore } from "./store/folder.ts";
import type { NodeStore } from "./store/store.ts";

const dayMs = 86_400_000;

let hub: TestHub;
let other: TestHub;

beforeAll(async () => ([hub, other] = await Promise.all([startTestHub(), startTestHub()])));
afterAll(() => Promise.all([hub.stop(), other.stop()]));

test("joining takes a moment, and again is the same node without a token", async () => {
  const { secret: token, invitation } = await hub.session().token("web");
  const startMs = performance.now();
  const joined = await joinHub({ invitation, token, folder: hub.folder("web") });
  expect(performance.now() - startMs).toBeLessThan(5_000 * slowTimes);
  expect(joined).toMatchObject({ name: "web", tenant: "main", already: false });
  const again = await joinHub({ invitation, folder: hub.folder("web") });
  expect(again).toEqual({ ...joined, already: true });
  expect(existsSync(join(hub.folder("web"), "enroll.json"))).toBe(false);
});

test("a crash after the token was spent ends as the same node", async () => {
  const { secret: token, invitation } = await hub.session().token("crash");
  const store = folderStore(hub.folder("crash"));
  const crashing: NodeStore = {
    ...store,
    write: async (name, text) => {
      if (name !== "enroll.json") throw new Error("the process died here");
      await store.write(name, text);
    },
  };
  await expect(joinHub({ invitation, token, folder: crashing })).rejects.toThrow("died here");
  const list = async () => {
    const { identities } = await hub.session().as(IdentityService).listIdentities({});
    return identities.filter(({ name }) => name === "crash").map(({ nodeId }) => nodeId);
  };
  const [nodeId, ...more] = await list();
  expect(more).toEqual([]);
  const joined = await joinHub({ invitation, folder: store });
  expect(joined.nodeId).toBe(nodeId);
  expect(await list()).toEqual([nodeId]);
  await using node = await openNode(store);
  await node.ready();
});

test("a spent token is refused for good, and a new one is taken", async () => {
  const { secret: token, invitation } = await hub.session().token("");
  await joinHub({ invitation, token, folder: hub.folder("one") });
  const folder = hub.folder("two");
  await expect(joinHub({ invitation, token, folder })).rejects.toMatchObject({
    reason: Reason.TOKEN_USED,
  });
  const { secret: next } = await hub.session().token("two");
  expect(await joinHub({ invitation, token: next, folder })).toMatchObject({ name: "two" });
});

test.each([3 * dayMs, -3 * dayMs])("joining with a clock %i ms off works alone", async (offMs) => {
  const { secret: token, invitation } = await hub.session().token("");
  const folder = hub.folder(`late${offMs}`);
  const world = worldOff(offMs);
  expect(await joinHub({ invitation, token, folder, world })).toMatchObject({ already: false });
});

test("a wrong hub is not told the token, whatever it answers", async () => {
  const { secret: token, invitation } = await hub.session().token("wary");
  const [good, bad] = [parseInvitation(invitation), parseInvitation(other.invitation())];
  if (good === undefined || bad === undefined) throw new Error("hubs print invitations");
  const crossed = formatInvitation({ ...good, port: bad.port });
  const folder = hub.folder("wary");
  await expect(joinHub({ invitation: crossed, token, folder })).rejects.toMatchObject({
    reason: Reason.HUB_NOT_TRUSTED,
  });
  expect(await joinHub({ invitation, token, folder })).toMatchObject({ name: "wary" });
});

test("another hub than the folder's is told apart", async () => {
  const folder = await hub.join("settled");
  await expect(joinHub({ invitation: other.invitation(), folder })).rejects.toMatchObject({
    reason: Reason.JOINED_ELSEWHERE,
  });
});

test("a hub that is away, and texts that were cut short, are called so", async () => {
  const folder = hub.folder("lost");
  await other.kill();
  await expect(joinHub({ invitation: other.invitation(), folder })).rejects.toMatchObject({
    reason: Reason.HUB_UNREACHABLE,
  });
  await expect(joinHub({ invitation: "foedus://nowhere", folder })).rejects.toMatchObject({
    reason: Reason.INVITATION_INVALID,
  });
  const facts = { invitation: other.invitation(), token: "fjt_short", folder };
  await expect(joinHub(facts)).rejects.toMatchObject({ reason: Reason.TOKEN_MALFORMED });
});

test("a folder without a node says how to join", async () => {
  await expect(openNode(hub.folder("nobody"))).rejects.toMatchObject({
    reason: Reason.NOT_JOINED,
  });
});
