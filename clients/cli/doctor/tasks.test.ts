import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueueSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { expect, test } from "vitest";
import { tellQueues } from "./tasks.ts";

const nowMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

test("a queue whose tasks wait for long is a doubt only while nobody works at it", () => {
  const queue = (minutes: number, rest: object = {}) =>
    create(QueueSchema, {
      name: "scans",
      ready: 2n,
      failed: 1n,
      oldestReadyTime: timestampFromMs(nowMs - minutes * minuteMs),
      ...rest,
    });
  const detail = "1 queue, 2 ready, 1 dead letter";
  expect(tellQueues([], nowMs)).toEqual({ detail: "none yet" });
  expect(tellQueues([queue(4)], nowMs)).toEqual({ detail });
  expect(tellQueues([queue(5)], nowMs)).toEqual({
    detail,
    doubt: {
      why: "tasks of scans have waited for 5 min, and it has no worker",
      line: "foedus task workers --queue scans",
    },
  });
  expect(tellQueues([queue(90, { workers: 1 })], nowMs)).toEqual({ detail });
  expect(tellQueues([queue(90, { settings: { paused: true } })], nowMs)).toEqual({ detail });
});
