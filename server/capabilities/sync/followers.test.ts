import { create } from "@bufbuild/protobuf";
import { PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { expect, test } from "vitest";
import { drive, sit, twinOf } from "../../../tests/support/driven.ts";
import { followersOf, HeadTimes } from "./followers.ts";

const key = "main/notes//world/1";

test("how long the first place that somebody lacks has waited is known of heads seen lately", () => {
  const times = new HeadTimes();
  times.note(key, 5, 1_000);
  times.note(key, 9, 4_000);
  expect(times.lagMs(key, 2, 10_000)).toBe(9_000);
  expect(times.lagMs(key, 5, 10_000)).toBe(6_000);
  expect(times.lagMs(key, 9, 10_000)).toBe(0);
  expect(times.lagMs("another", 0, 10_000)).toBe(0);
});

test("a head that grows often is remembered seldom, and the oldest places not for ever", () => {
  const times = new HeadTimes();
  for (let seq = 1; seq <= 100; seq++) times.note(key, seq, seq);
  expect(times.lagMs(key, 50, 1_000)).toBe(999);
  for (let n = 1; n <= 70; n++) times.note(key, 100 + n, n * 1_000);
  expect(times.lagMs(key, 0, 100_000)).toBe(93_000);
});

test("who follows is told with how far they saved, and what is on its way to them", async () => {
  const log = twinOf();
  const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
  const driver = drive({ answer: (request) => Promise.resolve(log.answer(request, 0)) });
  const seat = sit(driver, "n1", { grantee: "n1", peer: "CHILD" });
  const told = () => followersOf(driver.state, driver.seats(), driver.times, "main", 0).get(key);
  await seat.take(framed({ case: "hello", value: { stream: notes, creditBytes: 1000 } }));
  expect((await seat.wire.next())?.frame.case).toBe("resumed");
  expect(told()).toMatchObject([{ id: "n1", kind: PeerKind.CHILD, connected: true, lagOps: 0 }]);
  const stamp = { hub: "hub-2", ctr: 1 };
  const entry = { seq: 1, stamp, dot: { replica: "r", ctr: 1 }, slot: 2 };
  const brings = sit(driver, "n2", { grantee: "n1", peer: "CHILD" });
  await brings.take(framed({ case: "hello", value: { stream: notes, creditBytes: 1000 } }));
  await brings.take(framed({ case: "batch", value: { stream: notes, id: 1, entries: [entry] } }));
  expect((await seat.wire.next())?.frame.case).toBe("packed");
  expect(told()?.[0]).toMatchObject({ seq: 0, lagOps: 1, flightBytes: 72n });
  await seat.take(framed({ case: "batchAck", value: { stream: notes, id: 1 } }));
  expect(told()?.[0]).toMatchObject({ seq: 1, lagOps: 0, flightBytes: 0n });
  expect(followersOf(driver.state, driver.seats(), driver.times, "other", 0).size).toBe(0);
});
