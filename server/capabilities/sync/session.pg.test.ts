// Sessions over the real log: what converges, and what is refused by name.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { FrameSchema, Resume } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { expect, onTestFinished, test } from "vitest";
import { joinHub } from "../../../clients/sdk/join.ts";
import { openNode } from "../../../clients/sdk/open.ts";
import { startLocalHub } from "../../../tests/support/hub.local.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf, strangerNode } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke, type Said } from "../../../tests/support/spoke.ts";
import { until } from "../../../tests/support/until.ts";
import { sessionsMax } from "./admit.rpc.ts";
import { streamsMax } from "./inflow.ts";

const local = sharedHub({ zones: "world,eu" });

const patient = { interval: 10 };

/** A node's replica that talks to the hub through the guards and no wire. */
async function spokeOf(zones?: readonly string[]): Promise<TestSpoke> {
  const { caller } = await joinNode(local.hub);
  return spokeAs(caller, zones);
}

function spokeAs(caller: Parameters<typeof local.hub.calls.as>[1], zones?: readonly string[]) {
  const spoke = new TestSpoke(local.hub.calls.as(SyncService, caller), zones);
  onTestFinished(() => spoke.leave());
  return spoke;
}

function reasonOf(error: unknown): Reason | undefined {
  return error instanceof Fault ? error.reason : undefined;
}

test("two replicas converge over real connections, also what one wrote while it was away", async () => {
  const notes = streamOf("notes");
  const [one, other] = [await joinedSpoke("a1"), await joinedSpoke("a2")];
  for (const spoke of [one, other]) {
    spoke.follow(notes);
    await spoke.connect();
  }
  one.put(notes, "r", "from one");
  await expect.poll(() => other.values(notes, "r"), patient).toEqual(["from one"]);
  other.leave();
  await other.ended;
  other.add(notes, "n", 2);
  one.add(notes, "n", 3);
  await other.connect();
  for (const spoke of [one, other]) await expect.poll(() => spoke.sum(notes, "n"), patient).toBe(5);
  expect(one.hold(notes).digest).toEqual(other.hold(notes).digest);
});

async function joinedSpoke(name: string): Promise<TestSpoke> {
  const owner = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const { secret: token, invitation } = await owner.createToken({ requestId: randomUUID(), name });
  const folder = join(local.data, name);
  await joinHub({ invitation, token, folder });
  const node = await openNode(folder);
  const spoke = new TestSpoke(node.client(SyncService));
  onTestFinished(async () => {
    spoke.leave();
    await node.close();
  });
  return spoke;
}

test("a session says whom it is with, and in which zones", async () => {
  const spoke = await spokeOf();
  const opened = await spoke.connect();
  expect(opened).toMatchObject({ protocol: 1, hubName: "foedus.local", zones: ["world", "eu"] });
  expect(opened.hub).not.toBe("");
  expect(opened.writes).toBe(true);
});

test.each<[string, Said, Reason]>([
  ["no common protocol", { protocolMin: 2 }, Reason.SYNC_PROTOCOL_UNKNOWN],
  ["a hub without leave to relay", { replica: "", relays: true }, Reason.SYNC_RELAY_NOT_GRANTED],
  ["a hub that writes", { relays: true }, Reason.SYNC_FRAME_UNEXPECTED],
])("%s is refused by name", async (_what, said, reason) => {
  const spoke = await spokeOf();
  const error = await spoke.connect(said).catch((thrown: unknown) => thrown);
  expect(reasonOf(error)).toBe(reason);
});

test("a replica belongs to whoever came with it first", async () => {
  const [one, other] = [await spokeOf(), await spokeOf()];
  await one.connect();
  const error = await other.connect({ replica: one.replica }).catch((thrown: unknown) => thrown);
  expect(reasonOf(error)).toBe(Reason.SYNC_REPLICA_TAKEN);
});

const notes = streamOf("notes");
const hello = (replica: string) => {
  return framed({ case: "hello", value: { stream: notes, replica, creditBytes: 1 } });
};

test.each([
  ["a batch of a replica", framed({ case: "batch", value: { stream: notes } })],
  ["a hello for another replica", hello("another")],
  ["a push without a stream", framed({ case: "push", value: {} })],
])("%s ends the session by name, and the next one goes on", async (_what, frame) => {
  const spoke = await spokeOf();
  spoke.follow(notes);
  await spoke.connect();
  spoke.say(frame);
  expect(reasonOf(await spoke.ended)).toBe(Reason.SYNC_FRAME_UNEXPECTED);
  spoke.put(notes, "after", "all is well");
  await spoke.connect();
  await expect.poll(() => spoke.hold(notes).ackedCtr, patient).toBe(1);
});

test("more than a session has credit for ends it by name", async () => {
  const spoke = await spokeOf();
  await spoke.connect();
  spoke.say(hello(spoke.replica));
  const ops = Array.from({ length: 4 }, () => new Uint8Array(100_000));
  const push = { stream: notes, replica: spoke.replica, ctrFrom: 9, ops };
  for (let n = 0; n < 3; n++) spoke.say(framed({ case: "push", value: push }));
  expect(reasonOf(await spoke.ended)).toBe(Reason.SYNC_CREDIT_OVERRUN);
});

test("a stream of a zone that is not the caller's is refused, and the session goes on", async () => {
  const abroad = streamOf("files", { zone: "us" });
  const spoke = await spokeOf(["world", "us"]);
  spoke.follow(abroad);
  spoke.follow(notes);
  await spoke.connect();
  spoke.put(notes, "zoned", "here");
  await expect.poll(() => spoke.hold(notes).ackedCtr, patient).toBe(1);
  const resumed = spoke.heard.flatMap(({ frame }) =>
    frame.case === "resumed" && frame.value.stream?.zone === "us" ? [frame.value] : [],
  );
  expect(resumed).toMatchObject([{ mode: Resume.REFUSED, refusal: Refusal.ZONE }]);
});

test("what is no op takes its place as a refusal, and the ops after it are taken", async () => {
  const spoke = await spokeOf();
  await spoke.connect();
  spoke.say(hello(spoke.replica));
  const value = { stream: notes, replica: spoke.replica, ctrFrom: 1, ops: [Uint8Array.of(255)] };
  spoke.say(framed({ case: "push", value }));
  const acks = () =>
    spoke.heard.flatMap(({ frame }) => (frame.case === "pushAck" ? [frame.value] : []));
  await expect.poll(acks, patient).toHaveLength(1);
  const refused = [{ ctr: 1, refusal: Refusal.MALFORMED }];
  expect(acks()[0]?.mark).toMatchObject({ ctr: 1, refused });
});

test("another's ops without their author's signature are not taken", async () => {
  const spoke = await spokeOf();
  await spoke.connect();
  spoke.say(hello(spoke.replica));
  const [minute = ""] = spoke.replica.split("-");
  const value = { stream: notes, replica: `${minute}-foreign`, ctrFrom: 1, ops: [] };
  spoke.say(framed({ case: "push", value }));
  const refusals = () =>
    spoke.heard.flatMap(({ frame }) => (frame.case === "pushAck" ? [frame.value.refusal] : []));
  await expect.poll(refusals, patient).toEqual([Refusal.SIGNATURE]);
});

test("another tenant with the same stream sees none of it", async () => {
  const mine = await spokeOf();
  const theirs = spokeAs(strangerNode());
  const secret = streamOf("secrets");
  for (const spoke of [mine, theirs]) {
    spoke.follow(secret);
    await spoke.connect();
  }
  mine.put(secret, "r", "ours");
  await expect.poll(() => mine.hold(secret).cursor?.seq, patient).toBe(1);
  theirs.put(secret, "q", "theirs");
  await expect.poll(() => theirs.hold(secret).cursor?.seq, patient).toBe(1);
  expect(theirs.values(secret, "r")).toEqual([]);
  expect(mine.values(secret, "q")).toEqual([]);
});

test("a session whose caller says bye is over, and says so", async () => {
  const spoke = await spokeOf();
  await spoke.connect();
  spoke.say(framed({ case: "bye", value: { reason: "enough" } }));
  expect(await spoke.ended).toBeUndefined();
  expect(spoke.heard.at(-1)?.frame).toMatchObject({ case: "bye", value: { reason: "enough" } });
});

test("a frame that says nothing is a sign of life", async () => {
  const spoke = await spokeOf();
  spoke.follow(notes);
  await spoke.connect();
  spoke.say(create(FrameSchema));
  spoke.put(notes, "alive", "yes");
  await expect.poll(() => spoke.hold(notes).ackedCtr, patient).toBe(1);
});

test("a hub that stops says so in each session", async () => {
  const brief = await startLocalHub();
  const { caller } = await joinNode(brief.hub);
  const spoke = new TestSpoke(brief.hub.calls.as(SyncService, caller));
  spoke.follow(notes);
  await spoke.connect();
  await expect.poll(() => spoke.heard.length, patient).toBeGreaterThan(0);
  await brief.stop();
  expect(await spoke.ended).toBeUndefined();
  expect(spoke.heard.at(-1)?.frame.case).toBe("bye");
});

test("somebody has so many sessions at once, and not one more", async () => {
  const { caller } = await joinNode(local.hub);
  const spokes = Array.from({ length: sessionsMax + 1 }, () => spokeAs(caller));
  const last = spokes.pop();
  for (const spoke of spokes) await spoke.connect();
  const error = await last?.connect().catch((thrown: unknown) => thrown);
  expect(reasonOf(error)).toBe(Reason.SYNC_SESSIONS_MAX);
  spokes[0]?.leave();
  await spokes[0]?.ended;
  // Whoever left knows it before the hub does.
  await until(async () => expect((await last?.connect())?.sessionId).not.toBe(""));
});

test("a session opens so many streams, and is ended by name at one more", async () => {
  const spoke = await spokeOf();
  await spoke.connect();
  for (let n = 0; n <= streamsMax; n++) {
    const value = { stream: streamOf(`s${n}`), replica: spoke.replica };
    spoke.say(framed({ case: "hello", value }));
  }
  expect(reasonOf(await spoke.ended)).toBe(Reason.SYNC_STREAMS_MAX);
  const answered = spoke.heard.filter(({ frame }) => frame.case === "resumed").length;
  expect(answered).toBeLessThanOrEqual(streamsMax);
});
