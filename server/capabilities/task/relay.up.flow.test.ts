import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault, type Facts } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { toConnectError } from "../../runtime/wrap/refusal.ts";
import { answerOf } from "./relay.up.flow.ts";

const said = (reason: Reason, facts: Facts = {}) => toConnectError(new Fault(reason, facts));
const means = (error: unknown, isTried = false) => answerOf(error, isTried).means;

test("what the parent says of a task is the task's; of a queue, the queue's; else nobody's", () => {
  expect(answerOf(said(Reason.TASK_SPEC_INVALID, { detail: "too long" }))).toMatchObject({
    means: "task",
    failure: { reason: "TASK_SPEC_INVALID" },
  });
  expect(means(said(Reason.TASK_QUEUE_FULL))).toBe("queue");
  expect(means(said(Reason.INVALID_REQUEST))).toBe("queue");
  expect(means(said(Reason.NOT_ALLOWED))).toBe("queue");
  expect(means(said(Reason.INTERNAL))).toBe("unsure");
  expect(means(new ConnectError("late", Code.DeadlineExceeded))).toBe("unsure");
});

test("a parent with too much to do, or none at all, is no word about a queue", () => {
  expect(means(said(Reason.RATE_LIMITED))).toBe("line");
  expect(means(said(Reason.SHED))).toBe("line");
  expect(means(new ConnectError("gone", Code.Unavailable))).toBe("line");
  expect(means(new ConnectError("stream closed", Code.Internal))).toBe("line");
  expect(means(new Error("socket hang up"))).toBe("line");
});

test("who may ask no more cannot know whether an earlier try was taken", () => {
  expect(means(said(Reason.NOT_ALLOWED), true)).toBe("unsure");
  expect(means(said(Reason.TASK_QUEUE_FULL), true)).toBe("queue");
});
