import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { expect, test } from "vitest";
import { drive, sit, twinOf } from "../../../tests/support/driven.ts";
import { flightMaxOf } from "./inflow.ts";
import { latecomersMax, type Seat } from "./seat.ts";

const nowMs = 30_000_000 * 60_000;
const replica = `${(30_000_000).toString(36)}-a`;
const streamOf = (index: number) =>
  create(StreamSchema, { collection: `c${index}`, zone: "world", lane: 1 });

/** A session whose log commits nothing until it is let. */
function seatBefore() {
  const log = twinOf();
  const gate = Promise.withResolvers<void>();
  const driver = drive({
    nowMs: () => nowMs,
    answer: async (request) => {
      if (request.type === "commit") await gate.promise;
      return log.answer(request, nowMs);
    },
  });
  const seat = sit(driver, "s", { replica });
  return { log, seat, commit: () => gate.resolve() };
}

const hello = (index: number) =>
  framed({ case: "hello", value: { stream: streamOf(index), replica, creditBytes: 1 } });

const opBytes = 100_000;

function push(index: number): Frame {
  const op = encodeOp({
    kind: Kind.COUNTER,
    record: "n",
    amount: 1,
    body: new Uint8Array(opBytes),
  });
  const value = { stream: streamOf(index), replica, ctrFrom: 1, ops: [op] };
  return framed({ case: "push", value });
}

/** Lets everything happen that waits for nothing. */
const quiet = () => new Promise((resolve) => setImmediate(resolve));

async function acksOf(seat: Seat, count: number): Promise<number[]> {
  const ctrs: number[] = [];
  while (ctrs.length < count) {
    const said = await seat.wire.next();
    if (said === undefined) throw new Error("the session is over");
    if (said.frame.case === "pushAck") ctrs.push(said.frame.value.mark?.ctr ?? 0);
  }
  return ctrs;
}

const many = 40;

async function opened() {
  const here = seatBefore();
  for (let index = 0; index < many; index++) await here.seat.take(hello(index));
  await quiet();
  return here;
}

test("a session has so much under way, however many its streams; the rest waits and is taken", async () => {
  const { seat, commit, log } = await opened();
  let taken = 0;
  const saying = (async () => {
    for (let index = 0; index < many; index++) {
      await seat.take(push(index));
      taken++;
    }
  })();
  await quiet();
  expect(taken).toBe(Math.floor(flightMaxOf(limits) / (opBytes + frameOverhead)));
  commit();
  expect(await acksOf(seat, many)).toEqual(Array.from({ length: many }, () => 1));
  await saying;
  expect(log.shelves.size).toBe(many);
});

const frameOverhead = 100;

test("more requests than may wait for room are refused by name, and the session goes on", async () => {
  const { seat, commit } = await opened();
  const within = Math.floor(flightMaxOf(limits) / (opBytes + frameOverhead));
  const taking = Array.from({ length: within + latecomersMax }, (_, index) => {
    return seat.take(push(index));
  });
  const late = seat.take(push(many - 1));
  await expect(late).rejects.toMatchObject({ reason: Reason.SYNC_CREDIT_OVERRUN });
  commit();
  await acksOf(seat, taking.length);
  await Promise.all(taking);
  await seat.take(push(many - 1));
  expect(await acksOf(seat, 1)).toEqual([1]);
});

test("who waits for room when its session ends waits no longer", async () => {
  const { seat } = await opened();
  const taking = Array.from({ length: latecomersMax + 1 }, (_, index) => seat.take(push(index)));
  seat.leave();
  await Promise.all(taking);
});
