// The session in two halves: Pull, Push, and what a short session of one Push is.
import { create, toBinary } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  Durability,
  Resume,
  SnapshotPartSchema,
  type Frame,
} from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { SyncService, type PullResponse } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { OpenSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { unpacked } from "@foedus/kernel/sync/pack.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, onTestFinished, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf } from "../../../tests/support/joined.ts";
import { streamOf } from "../../../tests/support/spoke.ts";

const local = sharedHub();

type Sync = Client<typeof SyncService>;

const asMember = async (): Promise<Sync> => {
  return local.hub.calls.as(SyncService, (await joinNode(local.hub)).caller);
};

const openAs = (replica = newReplica(realWorld)) =>
  create(OpenSchema, { protocolMin: 1, protocolMax: 1, replica });

function hello(collection: string, replica: string, creditBytes = 0): Frame {
  const value = { stream: streamOf(collection), replica, creditBytes };
  return framed({ case: "hello", value });
}

function push(collection: string, replica: string, ctrFrom: number, count = 1): Frame {
  const ops = Array.from({ length: count }, (_, at) =>
    encodeOp({ kind: Kind.APPEND, body: new Uint8Array(1000).fill(at) }),
  );
  return framed({ case: "push", value: { stream: streamOf(collection), replica, ctrFrom, ops } });
}

/** Everything of a Pull, up to its end. */
async function pulled(client: Sync, collection: string, open = openAs("")): Promise<Frame[]> {
  const frames = [hello(collection, open.replica, 65_536)];
  const heard: Frame[] = [];
  for await (const { said } of client.pull({ open, frames, once: true })) {
    if (said.case === "frame") heard.push(unpacked(said.value));
  }
  return heard;
}

/** What a Pull says, one by one; undefined after the last. */
function reading(said: AsyncIterable<PullResponse>) {
  const items = said[Symbol.asyncIterator]();
  return async (): Promise<PullResponse["said"] | undefined> => {
    const step = await items.next();
    return step.done === true ? undefined : step.value.said;
  };
}

const placesOf = (heard: readonly Frame[]) =>
  heard.flatMap(({ frame }) => (frame.case === "batch" ? frame.value.entries : []));
const casesOf = (heard: readonly Frame[]) => heard.map(({ frame }) => frame.case);

test("one push is a whole session: what it brought is stored when it is answered", async () => {
  const client = await asMember();
  const open = openAs();
  const frames = [hello("alone", open.replica), push("alone", open.replica, 1, 3)];
  const answer = await client.push({ open, frames });
  expect(answer.opened?.writes).toBe(true);
  expect(casesOf(answer.frames)).toEqual(["resumed", "pushAck"]);
  const [, ack] = answer.frames;
  expect(ack?.frame.value).toMatchObject({ mark: { ctr: 3 }, durability: Durability.PARENT });
  const again = await client.push({ open, frames });
  expect(again.frames.at(-1)?.frame.value).toMatchObject({ mark: { ctr: 3 } });
  const heard = await pulled(client, "alone");
  expect(casesOf(heard).slice(0, 2)).toEqual(["resumed", "snapshotPart"]);
  expect(casesOf(heard).at(-1)).toBe("bye");
});

test("a pull that ends brings everything, also what is far more than its credit", async () => {
  const client = await asMember();
  const open = openAs();
  for (let n = 0; n < 4; n++) {
    const frames = [hello("much", open.replica), push("much", open.replica, n * 100 + 1, 100)];
    await client.push({ open, frames });
  }
  const first = await pulled(client, "much");
  const cells = first.flatMap(({ frame }) =>
    frame.case === "snapshotPart" ? frame.value.cells : [],
  );
  expect(cells).toHaveLength(400);
  const at = first.find(({ frame }) => frame.case === "snapshotPart")?.frame;
  const cursor = at?.case === "snapshotPart" ? at.value.cursor : undefined;
  const value = { stream: streamOf("much"), cursor: { ...cursor, seq: 10 }, creditBytes: 65_536 };
  const heard: Frame[] = [];
  const frames = [framed({ case: "hello", value: value as never })];
  for await (const { said } of client.pull({ open: openAs(""), frames, once: true })) {
    if (said.case === "frame") heard.push(unpacked(said.value));
  }
  expect(placesOf(heard).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 390 }, (_, index) => index + 11),
  );
});

test("a pull that stays hears what others write, and says through push what it has to say", async () => {
  const [one, other] = [await asMember(), await asMember()];
  const open = openAs();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const frames = [hello("halves", open.replica, 65_536)];
  const next = reading(one.pull({ open, frames }, { signal: stop.signal }));
  const opened = await next();
  const sessionId = opened?.case === "opened" ? opened.value.sessionId : "";
  await one.push({ sessionId, frames: [push("halves", open.replica, 1)] });
  const heard: unknown[] = [];
  while (!heard.includes("pushAck")) {
    const item = await next();
    heard.push(item?.case === "frame" ? item.value.frame.case : undefined);
  }
  const theirs = openAs();
  const brought = [hello("halves", theirs.replica), push("halves", theirs.replica, 1)];
  await other.push({ open: theirs, frames: brought });
  for (;;) {
    const item = await next();
    if (item?.case !== "frame") continue;
    const entries = placesOf([unpacked(item.value)]);
    if (entries.some(({ dot }) => dot?.replica === theirs.replica)) return;
  }
});

test("nobody says anything in another's session, or in one that is over", async () => {
  const [one, other] = [await asMember(), await asMember()];
  const open = openAs();
  const stop = new AbortController();
  const next = reading(one.pull({ open }, { signal: stop.signal }));
  const first = await next();
  const sessionId = first?.case === "opened" ? first.value.sessionId : "";
  const frames = [hello("halves", open.replica)];
  const reasonFor = async (client: Sync) =>
    await client.push({ sessionId, frames }).then(
      () => undefined,
      (error: unknown) => (error instanceof Fault ? error.reason : undefined),
    );
  expect(await reasonFor(other)).toBe(Reason.SYNC_SESSION_UNKNOWN);
  expect(await reasonFor(one)).toBeUndefined();
  stop.abort();
  await expect(next()).rejects.toThrow(/gone/);
  expect(await reasonFor(one)).toBe(Reason.SYNC_SESSION_UNKNOWN);
});

test("who may only look is told everything, and writes nothing", async () => {
  const watcher = local.hub.calls.as(SyncService, personOf(Role.OBSERVER));
  const open = openAs();
  const frames = [hello("alone", open.replica, 65_536), push("alone", open.replica, 1)];
  const heard: Frame[] = [];
  const stop = new AbortController();
  for await (const { said } of watcher.pull({ open, frames }, { signal: stop.signal })) {
    if (said.case === "opened") expect(said.value.writes).toBe(false);
    if (said.case === "frame") heard.push(said.value);
    if (casesOf(heard).includes("pushAck") && casesOf(heard).includes("snapshotPart")) break;
  }
  stop.abort();
  const ack = heard.find(({ frame }) => frame.case === "pushAck");
  expect(ack?.frame.value).toMatchObject({ refusal: Refusal.READ_ONLY });
  const alone = await watcher.push({ open, frames });
  const refused = alone.frames.find(({ frame }) => frame.case === "pushAck");
  expect(refused?.frame.value).toMatchObject({ refusal: Refusal.READ_ONLY });
});

test("who may only look follows in two halves: it says hello in the other", async () => {
  const watcher = local.hub.calls.as(SyncService, personOf(Role.OBSERVER));
  const open = openAs();
  const stop = new AbortController();
  const next = reading(watcher.pull({ open }, { signal: stop.signal }));
  const first = await next();
  const sessionId = first?.case === "opened" ? first.value.sessionId : "";
  await watcher.push({ sessionId, frames: [hello("alone", open.replica, 65_536)] });
  const second = await next();
  expect(second?.case === "frame" ? second.value.frame.case : "").toBe("resumed");
  stop.abort();
});

test("two hellos for one stream in a push are one, and the push is answered", async () => {
  const client = await asMember();
  const open = openAs();
  const twice = [hello("twice", open.replica), hello("twice", open.replica)];
  const answer = await client.push({ open, frames: [...twice, push("twice", open.replica, 1)] });
  expect(casesOf(answer.frames)).toEqual(["resumed", "pushAck"]);
});

test("a fetch tells what some records hold now, in the caller's zones only", async () => {
  const client = await asMember();
  const open = openAs();
  const op = encodeOp({ kind: Kind.REG_LWW, record: "r1", body: new Uint8Array([1]) });
  const value = { stream: streamOf("rows"), replica: open.replica, ctrFrom: 1, ops: [op] };
  await client.push({
    open,
    frames: [hello("rows", open.replica), framed({ case: "push", value })],
  });
  const answer = await client.fetch({ stream: streamOf("rows"), records: ["r1", "r2"] });
  expect(answer.cells.map(({ record }) => record)).toEqual(["r1"]);
  expect(answer.cursor?.seq).toBe(1);
  expect(Object.values(answer.vector)).toEqual([1]);
  const abroad = client.fetch({ stream: streamOf("rows", { zone: "us" }), records: ["r1"] });
  await expect(abroad).rejects.toMatchObject({ reason: Reason.SYNC_ZONE_FOREIGN });
});

test("a hello that is refused is answered, and its push with it", async () => {
  const client = await asMember();
  const open = openAs();
  const stream = streamOf("files", { zone: "us" });
  const { replica } = open;
  const frames = [
    framed({ case: "hello", value: { stream, replica } }),
    framed({ case: "push", value: { stream, replica, ctrFrom: 1, ops: [] } }),
  ];
  const answer = await client.push({ open, frames });
  expect(answer.frames.map(({ frame }) => frame.value)).toMatchObject([
    { mode: Resume.REFUSED, refusal: Refusal.ZONE },
    { refusal: Refusal.NOT_OPEN },
  ]);
});

test("large records come in parts that each fit a message, and not all in one answer", async () => {
  const client = await asMember();
  const open = openAs();
  const { replica } = open;
  for (let n = 1; n <= 160; n += 4) {
    const ops = Array.from({ length: 4 }, (_, at) =>
      encodeOp({ kind: Kind.REG_LWW, record: `r${n + at}`, body: new Uint8Array(60_000) }),
    );
    const value = { stream: streamOf("large"), replica, ctrFrom: n, ops };
    await client.push({ open, frames: [hello("large", replica), framed({ case: "push", value })] });
  }
  const parts = (await pulled(client, "large")).flatMap(({ frame }) =>
    frame.case === "snapshotPart" ? [frame.value] : [],
  );
  const sizes = parts.map((part) => toBinary(SnapshotPartSchema, part).length);
  expect(parts.flatMap(({ cells }) => cells)).toHaveLength(160);
  expect(Math.max(...sizes)).toBeLessThan(400_000);
  expect(parts.map(({ last }) => last)).toEqual([...parts.slice(1).map(() => false), true]);
  const all = Array.from({ length: 160 }, (_, index) => `r${index + 1}`);
  const some = await client.fetch({ stream: streamOf("large"), records: all.slice(0, 60) });
  expect(some.cells).toHaveLength(60);
  const tooMany = client.fetch({ stream: streamOf("large"), records: all });
  await expect(tooMany).rejects.toMatchObject({ reason: Reason.SYNC_FETCH_TOO_LARGE });
});

test("a pull of what it gives no credit for ends with the answer to its hello", async () => {
  const client = await asMember();
  const heard: Frame[] = [];
  const frames = [hello("large", "", 0)];
  for await (const { said } of client.pull({ open: openAs(""), frames, once: true })) {
    if (said.case === "frame") heard.push(said.value);
  }
  expect(casesOf(heard).filter((is) => is !== undefined)).toEqual(["resumed", "bye"]);
});
