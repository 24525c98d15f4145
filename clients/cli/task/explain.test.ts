import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ExplainTaskResponseSchema } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { expect, test } from "vitest";
import { placeText, turnText } from "./explain.ts";

test("the place in line counts what comes first, and what of it is more urgent", () => {
  const say = (before: bigint, beforeByPriority: bigint) => placeText({ before, beforeByPriority });
  expect(say(0n, 0n)).toBe("first of those it competes with");
  expect(say(1n, 0n)).toBe("after 1 task");
  expect(say(1n, 1n)).toBe("after 1 task of a higher priority");
  expect(say(7n, 2n)).toBe("after 7 tasks, 2 of them of a higher priority");
  expect(say(7n, 7n)).toBe("after 7 tasks of a higher priority");
});

test("when its turn comes is said, or why nobody can say", () => {
  const say = (answer: Parameters<typeof create<typeof ExplainTaskResponseSchema>>[1]) => {
    const piece = turnText(create(ExplainTaskResponseSchema, answer));
    return typeof piece === "string" ? piece : piece.text;
  };
  const candidates = [{ fits: true }];
  expect(say({ expected: durationFromMs(0), candidates })).toBe("now");
  expect(say({ expected: durationFromMs(12_000), candidates })).toBe("in 12 s");
  expect(say({ expected: durationFromMs(12_000), candidates, before: 3n })).toBe(
    "in 12 s, at the pace of the last five minutes",
  );
  const paused = [{ command: "foedus task resume scans" }];
  expect(say({ candidates, waits: paused })).toBe("nobody can say: the queue is paused");
  expect(say({ candidates: [{ fits: false }] })).toBe("nobody can say: no worker can do it now");
  expect(say({ candidates })).toBe(
    "nobody can say: nothing of its queue was completed in the last five minutes",
  );
});
