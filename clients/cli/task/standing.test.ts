import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { instantOf } from "@foedus/kernel/time.ts";
import { expect, test } from "vitest";
import { standingText } from "./standing.ts";

const nowMs = instantOf("2026-11-22T06:00:00Z");
const names = { learn: async () => undefined, nameOf: (id: string) => id, callerOf: String };

test("the last word of a worker is told with its age, unless it was just said", () => {
  const say = (agoMs: number | undefined) => {
    const time = agoMs === undefined ? {} : { time: timestampFromMs(nowMs - agoMs) };
    const progress = { fraction: 0.4, message: "reading", ...time };
    const attempt = { number: 1, worker: "w", nodeId: "n", progress };
    return standingText(create(TaskSchema, { state: TaskState.WORKING, attempt }), names, nowMs);
  };
  expect(say(1_999)).toBe("attempt 1, by w of n: 40 %, reading");
  expect(say(2_000)).toBe("attempt 1, by w of n: 40 %, reading (2 s ago)");
  expect(say(200_000)).toBe("attempt 1, by w of n: 40 %, reading (3 min ago)");
  expect(say(undefined)).toBe("attempt 1, by w of n: 40 %, reading");
});
