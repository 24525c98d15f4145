import { randomUUID } from "node:crypto";
import { JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestHub } from "../../tests/support/federated.ts";
import { hearNotices, startTestHub } from "../../tests/support/federated.ts";
import type { Joined, JoinOptions } from "./join.ts";
import { joinHub } from "./join.ts";
import type { WaitingNotice } from "./membership/ask.ts";
import { openNode } from "./open.ts";

/** Waits are fifty times as short: who asks every five seconds asks every tenth of one. */
const hasty: World = {
  ...realWorld,
  timers: {
    ...realWorld.timers,
    sleep: (ms, signal) => realWorld.timers.sleep(ms / 50, signal),
  },
};

/** Whoever waits before he asks again waits for good: he hears only what comes by itself. */
const still: World = {
  ...realWorld,
  timers: {
    ...realWorld.timers,
    sleep: (_ms, signal) => realWorld.timers.sleep(foreverMs, signal),
  },
};
const foreverMs = 600_000;

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

/** Begins to join without a token; resolves once it waits. */
async function waits(
  options: Omit<JoinOptions, "invitation" | "world" | "waiting">,
  world = hasty,
): Promise<{ notice: WaitingNotice; joining: Promise<Joined> }> {
  const told = Promise.withResolvers<WaitingNotice>();
  const waiting = (notice: WaitingNotice) => told.resolve(notice);
  const joining = joinHub({ invitation: hub.invitation(), world, waiting, ...options });
  joining.catch(told.reject);
  return { notice: await told.promise, joining };
}

const access = () => hub.session().as(AccessService);

async function wishOf(fingerprint: string) {
  const { joinRequests } = await access().listJoinRequests({});
  const found = joinRequests.find((one) => one.fingerprint === fingerprint);
  if (found === undefined) throw new Error("the hub shows no such fingerprint");
  return found;
}

async function approve(fingerprint: string): Promise<void> {
  const { id: joinRequestId } = await wishOf(fingerprint);
  await access().approveJoin({ requestId: randomUUID(), joinRequestId, fingerprint });
}

test("both sides show the same fingerprint, and an approval ends the wait", async () => {
  const { notice, joining } = await waits({ name: "patient", folder: hub.folder("patient") });
  expect(notice.waiting.command).toContain(notice.fingerprint);
  await approve(notice.fingerprint);
  expect(await joining).toMatchObject({ name: "patient", already: false });
  await using node = await openNode(hub.folder("patient"));
  await node.ready();
});

test("an approval is heard at once, and not when it would be asked for again", async () => {
  const folder = hub.folder("prompt");
  const { notice, joining } = await waits({ name: "prompt", folder }, still);
  await approve(notice.fingerprint);
  expect(await joining).toMatchObject({ name: "prompt" });
});

test("a wait that was broken off goes on as the same wish, over a restart of the hub", async () => {
  const folder = hub.folder("broken-off");
  const ending = new AbortController();
  const first = await waits({ folder, signal: ending.signal });
  ending.abort(new Error("the machine was switched off"));
  await expect(first.joining).rejects.toThrow("switched off");
  const second = await waits({ folder });
  expect(second.notice.fingerprint).toBe(first.notice.fingerprint);
  await hub.restart();
  await approve(second.notice.fingerprint);
  expect(await second.joining).toMatchObject({ already: false });
});

test("who is denied hears why, and asks with another key the next time", async () => {
  const folder = hub.folder("denied");
  const { notice, joining } = await waits({ folder });
  const { id: joinRequestId } = await wishOf(notice.fingerprint);
  const why = { requestId: randomUUID(), joinRequestId, reason: "who are you?" };
  await access().denyJoin(why);
  await expect(joining).rejects.toMatchObject({
    reason: Reason.JOIN_DENIED,
    message: expect.stringContaining("who are you?") as string,
  });
  const ending = new AbortController();
  const again = await waits({ folder, signal: ending.signal });
  expect(again.notice.fingerprint).not.toBe(notice.fingerprint);
  ending.abort();
  await again.joining.catch(() => undefined);
});

test("a token that comes meanwhile ends the wait at the next run", async () => {
  const folder = hub.folder("overtaken");
  const ending = new AbortController();
  const { notice, joining } = await waits({ folder, signal: ending.signal });
  ending.abort();
  await joining.catch(() => undefined);
  const { secret: token, invitation } = await hub.session().token("overtaken");
  expect(await joinHub({ invitation, token, folder })).toMatchObject({ name: "overtaken" });
  expect((await wishOf(notice.fingerprint)).state).toBe(JoinRequestState.WAITING);
});

test("a quarantined node waits with all it has to tell, and returns as the same", async () => {
  const { heard, notice, heardOf } = hearNotices();
  const node = await hub.node("suspect", { world: hasty, notice });
  await node.register({ kind: 1 });
  const identities = hub.session().as(IdentityService);
  const reason = "it told nonsense";
  await identities.quarantineNode({ requestId: randomUUID(), node: node.nodeId, reason });
  const [waiting] = await heardOf("waiting");
  expect(waiting).toBeDefined();
  while (!heard.some((one) => one.kind === "waiting" && isQuarantine(one.error.reason))) {
    await heardOf("waiting", heard.filter((one) => one.kind === "waiting").length + 1);
  }
  const published = node.publish(TelemetrySyncSchema, {});
  await identities.releaseNode({
    requestId: randomUUID(),
    node: node.nodeId,
    reason: "it is fine",
  });
  expect((await published).id).toMatch(/^main\//);
  expect(heard.some((one) => one.kind === "ended")).toBe(false);
});

function isQuarantine(reason: Reason): boolean {
  return reason === Reason.NODE_QUARANTINED;
}
