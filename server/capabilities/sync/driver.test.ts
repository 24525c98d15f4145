import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import type { LogRequest } from "@foedus/kernel/sync/log.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { expect, test } from "vitest";
import { coreOf, drive, sit as seated, twinOf } from "../../../tests/support/driven.ts";
import { unreadMax } from "./wire.ts";
import type { Seat } from "./seat.ts";

const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const nowMs = 30_000_000 * 60_000;
const minute = (30_000_000).toString(36);

/** A driver over the log's twin; `isAway` makes the log fail. */
function driverOver(isAway: (request: LogRequest) => boolean = () => false) {
  let log = twinOf();
  const committed: number[] = [];
  const driver = drive({
    nowMs: () => nowMs,
    answer: async (first, latest) => {
      await Promise.resolve();
      const request = first.type === "commit" ? latest(first) : first;
      if (request.type === "commit") committed.push(request.items.length);
      if (isAway(request)) throw new Error("no database");
      return log.answer(request, nowMs);
    },
    boot: () => coreOf(log.hub),
    reincarnate: async () => {
      log = twinOf("hub-2");
      await Promise.resolve();
    },
  });
  const sit = (name: string, peer: Seat["guest"]["peer"] = "REPLICA"): Seat => {
    return seated(driver, name, { peer, replica: peer === "REPLICA" ? `${minute}-${name}` : "" });
  };
  return { driver, sit, committed };
}

const hello = (replica: string) =>
  framed({ case: "hello", value: { stream: notes, replica, creditBytes: limits.creditBytes } });

function push(replica: string, ctrFrom: number): Frame {
  const op = encodeOp({ kind: Kind.COUNTER, record: "n", amount: 1, body: new Uint8Array(50_000) });
  return framed({ case: "push", value: { stream: notes, replica, ctrFrom, ops: [op] } });
}

/** Reads until a frame of a kind comes. */
async function until(seat: Seat, is: Frame["frame"]["case"]): Promise<Frame> {
  for (;;) {
    const frame = await seat.wire.next();
    if (frame === undefined) throw new Error(`the session ended before a ${is}`);
    if (frame.frame.case === is) return frame;
  }
}

const reasonIn = ({ frame }: Frame) => (frame.case === "bye" ? frame.value.reason : "");

test("a reader that takes nothing costs no more than its credit, and nobody waits for it", async () => {
  const { sit } = driverOver();
  const [slow, writer] = [sit("slow"), sit("writer")];
  await slow.take(hello(slow.guest.replica));
  await writer.take(hello(writer.guest.replica));
  await until(slow, "snapshotPart");
  for (let ctr = 1; ctr <= 40; ctr++) {
    await writer.take(push(writer.guest.replica, ctr));
    await until(writer, "pushAck");
  }
  // Two megabytes were written; of these it holds what its lane's credit allows, and one frame.
  expect(slow.wire.depth).toBeLessThanOrEqual(7);
});

test("who says more than it reads is heard no further until it has read", async () => {
  const { sit } = driverOver();
  const seat = sit("deaf");
  const stray = framed({ case: "push", value: { stream: notes, replica: seat.guest.replica } });
  let heard = 0;
  const saying = (async () => {
    for (; heard < unreadMax + 5; heard++) await seat.take(stray);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  await until(seat, "pushAck");
  expect(heard).toBeLessThanOrEqual(unreadMax);
  for (let n = 0; n < 5; n++) await until(seat, "pushAck");
  await saying;
});

test("a log that does not answer ends the sessions that waited for it, and is asked again", async () => {
  let isAway = false;
  const { sit } = driverOver(({ type }) => isAway && type === "commit");
  const [one, other] = [sit("one"), sit("other")];
  for (const seat of [one, other]) {
    await seat.take(hello(seat.guest.replica));
    await until(seat, "resumed");
  }
  isAway = true;
  await one.take(push(one.guest.replica, 1));
  expect(reasonIn(await until(one, "bye"))).toContain("does not answer");
  isAway = false;
  await other.take(push(other.guest.replica, 1));
  expect((await until(other, "pushAck")).frame.value).toMatchObject({ mark: { ctr: 1 } });
});

test("what comes before a commit begins goes with it, and is cut with it", async () => {
  let isAway = false;
  const { sit, committed } = driverOver(({ type }) => isAway && type === "commit");
  const all = ["one", "two", "three"].map((name) => sit(name));
  for (const seat of all) {
    await seat.take(hello(seat.guest.replica));
    await until(seat, "resumed");
  }
  await Promise.all(all.map((seat) => seat.take(push(seat.guest.replica, 1))));
  for (const seat of all) {
    expect((await until(seat, "pushAck")).frame.value).toMatchObject({ mark: { ctr: 1 } });
  }
  expect(committed).toEqual([3]);
  isAway = true;
  await Promise.all(all.map((seat) => seat.take(push(seat.guest.replica, 2))));
  for (const seat of all) {
    expect(reasonIn(await until(seat, "bye"))).toContain("does not answer");
  }
  expect(committed).toEqual([3, 3]);
});

test("a hub whose stamps were given out twice begins again under another name", async () => {
  const { driver, sit } = driverOver();
  const one = sit("one");
  await one.take(hello(one.guest.replica));
  await until(one, "resumed");
  const above = sit("above", "PARENT");
  const vector = { "hub-1": 9 };
  await above.take(framed({ case: "resumed", value: { stream: notes, mode: 1, vector } }));
  expect(reasonIn(await until(one, "bye"))).toContain("stamps as another");
  expect(driver.state.hub).toBe("hub-2");
  expect([...driver.incidents]).toEqual([["INCARNATION_REUSED", 1]]);
  expect([...driver.seats()]).toEqual([]);
});

test("a hub without a parent hears from the hubs below that its disk was put back", async () => {
  const { driver, sit } = driverOver();
  const below = sit("below", "CHILD");
  const vector = { "hub-1": 9 };
  const value = { stream: notes, vector, creditBytes: 1000 };
  await below.take(framed({ case: "hello", value }));
  expect(reasonIn(await until(below, "bye"))).toContain("stamps as another");
  expect(driver.state.hub).toBe("hub-2");
});

test("a mistake of the other side reaches whoever reads its session, by name", async () => {
  const { driver, sit } = driverOver();
  const seat = sit("wrong");
  const batch = framed({ case: "batch", value: { stream: notes } });
  const error = await seat.take(batch).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: Reason.SYNC_FRAME_UNEXPECTED });
  seat.leave(error);
  await expect(seat.wire.next()).rejects.toBe(error);
  expect([...driver.seats()]).toEqual([]);
});

test("silence is broken by a sign of life, and only silence", async () => {
  const { driver, sit } = driverOver();
  const seat = sit("quiet");
  driver.beat();
  seat.say(framed({ case: "settled", value: { stream: notes, ctr: 1 } }));
  await seat.wire.next();
  driver.beat();
  expect(seat.wire.depth).toBe(0);
  driver.beat();
  expect((await seat.wire.next())?.frame.case).toBeUndefined();
});
