import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueueSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { instantOf } from "@foedus/kernel/time.ts";
import { expect, test } from "vitest";
import { changeOf, openNews } from "./top.ts";

type Init = Exclude<MessageInitShape<typeof QueueSchema>, { $typeName: string }>;
const queue = (init: Init) => create(QueueSchema, { name: "scans", ready: 2n, ...init });

test("what a reader would call a change is news, and what only grows older is none", () => {
  const news = openNews();
  const isNews = (init: Init) => news([queue(init)]).length === 1;
  expect(isNews({})).toBe(true);
  const same: Init[] = [
    {},
    { completedPerMinute: 3.5, submittedPerMinute: 2 },
    { oldestReadyTime: timestampFromMs(5) },
    { waitMedian: { seconds: 3n }, room: 4 },
    { settings: {} },
  ];
  for (const each of same) expect([each, isNews(each)]).toEqual([each, false]);
  const changes: Init[] = [
    { ready: 3n },
    { scheduled: 1n },
    { blocked: 1n },
    { working: 1n },
    { failed: 1n },
    { workers: 1 },
    { settings: { paused: true } },
    { settings: { paused: true, pauseReason: "the disk is full" } },
    { settings: { rate: { perMinute: 60 } } },
    {},
  ];
  for (const each of changes) expect([each, isNews(each)]).toEqual([each, true]);
  expect(news([queue({ name: "other" }), queue({})]).map(({ name }) => name)).toEqual(["other"]);
});

test("a line says all that can be news", () => {
  const nowMs = instantOf("2026-11-22T06:00:00Z");
  const say = (init: Init) =>
    changeOf(queue(init), nowMs)
      .map((piece) => (typeof piece === "string" ? piece : piece.text))
      .join("")
      .replace(/^\S+ +/u, "");
  expect(say({ ready: 0n })).toBe("scans 0 ready, 0 working, out 0/min, 0 workers");
  expect(
    say({
      oldestReadyTime: timestampFromMs(nowMs - 5_000),
      scheduled: 1n,
      blocked: 2n,
      working: 3n,
      failed: 1n,
      workers: 1,
      completedPerMinute: 12,
      settings: { paused: true, pauseReason: "audit", rate: { perMinute: 60 } },
    }),
  ).toBe(
    "scans 2 ready, the oldest for 5 s, 1 later, 2 blocked, 3 working, out 12/min, " +
      "1 worker, 1 dead letter, at most 60/min, paused: audit",
  );
});
