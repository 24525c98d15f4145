import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  FailureSchema,
  RetryPolicySchema,
  TaskSpecSchema,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { childrenOf } from "./child.ts";
import { attemptsDefault, hopLimitDefault, retryIntervalMs, spanMsMax } from "./limits.ts";
import { intervalMs, nextAttemptMs } from "./retry.ts";

const nowMs = 1_800_000_000_000;
const failure = create(FailureSchema, { reason: "BUSY" });

test("who says nothing of retries has five attempts, at most five minutes after each other", () => {
  const after = (attempts: number) =>
    nextAttemptMs(undefined, { attempts, failure, untilMs: undefined, nowMs });
  expect(after(attemptsDefault - 1)).toBe(nowMs + 8_000);
  expect(after(attemptsDefault)).toBeUndefined();
  expect(intervalMs(undefined, 9)).toBe(256_000);
  expect(intervalMs(undefined, 10)).toBe(retryIntervalMs);
  expect(intervalMs(undefined, 1_000)).toBe(retryIntervalMs);
});

test("who begins with longer intervals keeps them", () => {
  const initialInterval = durationFromMs(retryIntervalMs + 1);
  const policy = create(RetryPolicySchema, { initialInterval });
  for (const attempts of [1, 2]) expect(intervalMs(policy, attempts)).toBe(retryIntervalMs + 1);
});

test("no worker puts the next attempt off for more than a year", () => {
  const after = (ms: number) => {
    const late = create(FailureSchema, { ...failure, retryAfter: durationFromMs(ms) });
    return nextAttemptMs(undefined, { attempts: 1, failure: late, untilMs: undefined, nowMs });
  };
  expect(after(spanMsMax)).toBe(nowMs + spanMsMax);
  expect(after(spanMsMax + 1)).toBe(nowMs + spanMsMax);
});

test("a task that says nothing of levels has children for so many", () => {
  let spec = create(TaskSpecSchema, { queue: "q", kind: "k" });
  const child = create(TaskSpecSchema, { queue: "q", kind: "k" });
  const born = () => childrenOf({ id: "task_p", spec, untilMs: undefined, spent: 0 }, [child]);
  for (let level = 1; level <= hopLimitDefault; level++) {
    const [next] = born().specs;
    expect(next?.hopLimit).toBe(hopLimitDefault - level);
    if (next !== undefined) spec = next;
  }
  expect(born).toThrow("hop limit is used up");
});
